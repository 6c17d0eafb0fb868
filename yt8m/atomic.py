"""A file or folder is either there and whole, or not there: made beside its place, then renamed."""

import errno
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yt8m.claims import OWNER, claimed
from yt8m.errors import OutputError, Yt8mError
from yt8m.parent import refuse_orphans

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
def replacing(path: str | Path) -> Iterator[Path]:
    """Hand out a name to make a file or a folder under, which comes to `path` when all went well.

    That name is in a folder beside `path`, so that coming there is a rename; what is renamed has
    reached the disk, and has the rights that the umask leaves. After an exception nothing is left
    but what stood at `path` before. The remains of a killed process go when the next one comes.

    Raises OutputError, naming `path`, where the system refuses to write; ClaimError while another
    process writes the same; OrphanedError when the run that this process belongs to is gone.
    """
    path = Path(path)
    aside = path.with_name(f".{path.name}.part")
    with _telling_of(path, aside), claimed(aside, path):
        _clear(aside)
        try:
            yield aside / path.name
            _settle(aside / path.name, aside)
            refuse_orphans()
            if (aside / path.name).is_dir() and path.is_dir():
                path.rename(aside / "before")
            (aside / path.name).rename(path)
            _to_disk(path.parent)
        finally:
            _clear(aside)


def remove(folder: Path) -> None:
    """Remove a folder with all that is in it, unless this process's run is gone."""
    refuse_orphans()
    shutil.rmtree(folder, ignore_errors=True)


def _clear(aside: Path) -> None:
    for left in aside.iterdir():
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        elif left.name != OWNER:
            left.unlink(missing_ok=True)


def _settle(made: Path, aside: Path) -> None:
    """All of it on disk, and with rights like those of a new file and a new folder here."""
    for_file, for_folder = (aside / OWNER).stat().st_mode, aside.stat().st_mode
    inside = sorted(made.rglob("*"), reverse=True) if made.is_dir() else []
    for path in (*inside, made):
        rights = stat.S_IMODE(for_folder if path.is_dir() else for_file)
        if stat.S_IMODE(path.stat().st_mode) != rights:
            path.chmod(rights)
        _to_disk(path)


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:  # a file system that cannot
            raise
    finally:
        os.close(descriptor)


@contextmanager
def _telling_of(path: Path, aside: Path) -> Iterator[None]:
    """Make an error of the system's while writing one that names the finished file."""
    try:
        yield
    except Yt8mError:
        raise
    except Exception as error:
        number = _refusal(error, aside)
        if number is None:
            raise
        remedy = REMEDIES.get(number, "choose another place")
        raise OutputError(f"{path}: cannot be written ({os.strerror(number)}); {remedy}") from error


def _refusal(error: Exception, aside: Path) -> int | None:
    """The number of the system's error, if it was one of writing here.

    Errors of libraries may have nothing but its words.
    """
    if isinstance(error, OSError) and error.errno:
        ours = any(_is_on_the_way(name, aside) for name in (error.filename, error.filename2))
        return error.errno if ours or error.errno in NO_ROOM else None
    return next((number for number in NO_ROOM if os.strerror(number) in str(error)), None)


def _is_on_the_way(name: object, aside: Path) -> bool:
    if not isinstance(name, str | os.PathLike):
        return False
    path = Path(name)
    return path == aside or aside in path.parents or path in aside.parents
