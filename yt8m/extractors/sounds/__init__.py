"""Extractors of sound. A file here is a `kind`; see `yt8m.protocols.SoundExtractor`."""
