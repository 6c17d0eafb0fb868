"""A file or folder is either there and whole, or not there: made beside its place, then renamed."""

import errno
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yt8m.claims import OWNER, claimed
from yt8m.parent import refuse_orphans
from yt8m.refusals import refusals_named


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
    with claimed(aside, path), refusals_named(path, aside):
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
