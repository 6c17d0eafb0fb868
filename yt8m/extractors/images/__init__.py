"""Extractors of pictures. A file here is a `kind`; see `yt8m.protocols.ImageExtractor`."""
