"""Errors for files that the system refuses to write, with the final path and a remedy."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yt8m.errors import OutputError, Yt8mError

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)
"""Errors that the system returns for writing only."""

REMEDIES = {
    errno.ENOSPC: "free some space there",
    errno.EDQUOT: "free some space there",
    errno.EFBIG: "raise the limit on the size of files (ulimit -f)",
    errno.EROFS: "choose another path",
    errno.EACCES: "choose another path, or get permission to write there",
    errno.EPERM: "choose another path, or get permission to write there",
}


@contextmanager
def naming_write_errors(path: Path, place: Path) -> Iterator[None]:
    """Make errors name `path` while it is written in a temporary folder `place`.

    Raises OutputError if the system refuses to write in `place` or in a folder above it. Other
    errors pass, but in those of this project `path` replaces the temporary file's name.
    """
    try:
        yield
    except Yt8mError as error:
        text = str(error).replace(str(place / path.name), str(path))
        if text == str(error):
            raise
        raise type(error)(text) from error
    except Exception as error:
        number = _errno_of(error, place)
        if number is None:
            raise
        remedy = REMEDIES.get(number, "choose another path")
        raise OutputError(f"{path}: cannot be written ({os.strerror(number)}); {remedy}") from error


def _errno_of(error: Exception, place: Path) -> int | None:
    """The errno of an error, if it is about writing here.

    Errors of libraries may contain only its text.
    """
    if isinstance(error, OSError) and error.errno:
        ours = any(_is_on_the_way(name, place) for name in (error.filename, error.filename2))
        return error.errno if ours or error.errno in NO_ROOM else None
    return next((number for number in NO_ROOM if os.strerror(number) in str(error)), None)


def _is_on_the_way(name: object, place: Path) -> bool:
    if not isinstance(name, str | os.PathLike):
        return False
    path = Path(name)
    return path == place or place in path.parents or path in place.parents
