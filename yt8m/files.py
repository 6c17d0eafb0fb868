"""Files to read from: regular ones alone, since others block a reader or never end."""

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
    """The status of a regular file, links followed.

    Raises OSError, whose `strerror` says what is there, for anything else.
    """
    try:
        status = os.stat(path)  # noqa: PTH116 - a Path would refuse fewer names
    except ValueError:
        problem = "the name holds a NUL" if "\0" in str(path) else "the name is no Unicode text"
        raise OSError(errno.EINVAL, problem, str(path)) from None
    if not stat.S_ISREG(status.st_mode):
        kind = _KINDS.get(stat.S_IFMT(status.st_mode), "something else")
        raise OSError(errno.EINVAL, f"it is {kind}; a regular file is needed", str(path))
    return status


def open_regular(path: str | Path) -> BinaryIO:
    """The file, opened for reading. Raises OSError as `check_regular`; never waits for a writer."""
    check_regular(path)
    # Without waiting, should it have become a pipe meanwhile; of no effect on regular files.
    return os.fdopen(os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK), "rb")
