"""Ways to choose what a variable's values become; the word in the config is the file's name.

Each defines `Recipe`, a frozen dataclass with the methods of `storage.Quantiser`. Those with
a codebook extend `storages.codebook.CodebookQuantiser` and define only their `centres`.
"""
