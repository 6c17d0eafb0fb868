"""Quantisers, which round a variable's values; a file here is a `kind`.

Each defines `Recipe`, a frozen dataclass with the methods of `yt8m.protocols.Quantiser`. Those with
a codebook extend `storages.codebook.CodebookQuantiser` and define only their `centres`.
"""
