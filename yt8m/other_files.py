"""What a file is that is not what it should be, from its first bytes; for messages."""

_OTHERS = {
    b"BZh": "a bzip2 file",
    b"\xfd7zXZ": "an xz file",
    b"\x28\xb5\x2f\xfd": "a Zstandard file",
    b"PK\x03\x04": "a ZIP archive",
    b"PAR1": "a Parquet file",
    b"\x89HDF": "an HDF5 file",
    b"\x93NUMPY": "a NumPy file",
    b"\x80": "a Python pickle, which is never loaded",
    b"version https://git-lfs": "a Git LFS pointer instead of the file",
    b"<": "HTML or XML, such as a server's error page instead of the file",
}
"""First bytes of files that may be mistaken for others."""


def looks_like(data: bytes | memoryview) -> str:
    """Such as " (it looks like a ZIP archive)"; "" for an unknown file."""
    beginning = bytes(data[:32])
    found = (words for begins, words in _OTHERS.items() if beginning.startswith(begins))
    return next((f" (it looks like {words})" for words in found), "")
