"""Reading regular files only, since others may block the reader or never end."""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
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
