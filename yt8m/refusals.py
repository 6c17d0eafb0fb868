"""When the system refuses to write: an error that names the finished file, and what would do."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yt8m.errors import OutputError, Yt8mError

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)
"""What the system answers to nothing but writing."""

REMEDIES = {
    errno.ENOSPC: "make room there",
    errno.EDQUOT: "make room there",
    errno.EFBIG: "raise the limit on the size of files (ulimit -f)",
    errno.EROFS: "choose another place",
    errno.EACCES: "choose another place, or get the right to write there",
    errno.EPERM: "choose another place, or get the right to write there",
}


@contextmanager
def refusals_named(path: Path, place: Path) -> Iterator[None]:
    """While something is written for `path`, in `place` or on the way there, errors name `path`.

    Raises OutputError where the system refuses to write; other errors stay as they are, but those
    of this project name no temporary file.
    """
    try:
        yield
    except Yt8mError as error:
        text = str(error).replace(str(place / path.name), str(path))
        if text == str(error):
            raise
        raise type(error)(text) from error
    except Exception as error:
        number = _refusal(error, place)
        if number is None:
            raise
        remedy = REMEDIES.get(number, "choose another place")
        raise OutputError(f"{path}: cannot be written ({os.strerror(number)}); {remedy}") from error


def _refusal(error: Exception, place: Path) -> int | None:
    """The number of the system's error, if it was one of writing here.

    Errors of libraries may have nothing but its words.
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
