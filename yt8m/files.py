"""Reading regular files only, since others may block the reader or never end.

Texts that people wrote are UTF-8, with a byte-order mark or without; large files are mapped.
"""

import codecs
import errno
import hashlib
import os
import stat
from pathlib import Path
from typing import BinaryIO

from yt8m.errors import ConfigError, RecordError

_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}

_OTHER_ENCODINGS = {
    codecs.BOM_UTF32_LE: "UTF-32",  # before UTF-16, whose mark is the first half of this one
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}


def check_regular(path: str | Path) -> os.stat_result:
    """The status of a regular file, following links.

    Raises OSError, whose `strerror` says what it is, for anything else.
    """
    try:
        status = os.stat(path)  # noqa: PTH116 - a Path would refuse fewer names
    except ValueError:
        problem = "contains a NUL" if "\0" in str(path) else "is not valid Unicode"
        raise OSError(errno.EINVAL, f"the name {problem}", str(path)) from None
    if not stat.S_ISREG(status.st_mode):
        kind = _KINDS.get(stat.S_IFMT(status.st_mode), "something else")
        raise OSError(errno.EINVAL, f"it is {kind}; expected a regular file", str(path))
    return status


def open_regular(path: str | Path) -> BinaryIO:
    """Open a file for reading; never waits for a writer. Raises OSError like `check_regular`."""
    check_regular(path)
    # O_NONBLOCK in case it has become a pipe in the meantime; it has no effect on regular files.
    return os.fdopen(os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK), "rb")


def content_digest(path: str | Path) -> str:
    """SHA-256 of a file's content. Raises OSError like `check_regular`."""
    with open_regular(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_text(path: Path) -> str:
    """The text of a file in UTF-8, line ends as they are, without a byte-order mark.

    Raises ConfigError, naming the line where it can, for a file in another encoding, and OSError
    for one that cannot be read.
    """
    with open_regular(path) as file:
        content = file.read()
    for mark, name in _OTHER_ENCODINGS.items():
        if content.startswith(mark):
            raise ConfigError(f"{path}: is {name}; save it as UTF-8")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        byte = content[error.start]
        raise ConfigError(
            f"{path}, line {line}: byte {byte:#04x} is not valid UTF-8 (Latin-1?); save it as UTF-8"
        ) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise ConfigError(f"{path}, line {line}: contains NUL bytes; save it as UTF-8 text")
    return text


def map_file(path: str | Path) -> memoryview:
    """The file's bytes, mapped into memory, read only, until the last view of them is gone.

    No file stays open, since their number is limited. Raises RecordError if the file does not exist
    or is not a regular file.
    """
    import pyarrow as pa  # not while a workflow is planned; unlike Python's, its maps need no file

    try:
        with open_regular(path) as file:
            if os.fstat(file.fileno()).st_size == 0:  # which cannot be mapped
                return memoryview(b"")
        with pa.memory_map(os.fsencode(path)) as mapped:
            return memoryview(mapped.read_buffer()).cast("B")
    except OSError as error:
        raise RecordError(f"{path}: cannot be read ({error.strerror or error}).") from None
