"""Atomic writing: a file or folder is made next to its destination, then renamed into place."""

import errno
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yt8m.locks import OWNER, locked
from yt8m.parent import refuse_orphans
from yt8m.write_errors import naming_write_errors


@contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """Yield a temporary path for a file or folder, which replaces `path` if the block succeeds.

    The temporary path is in a folder next to `path`, so the replacement is a rename; what is
    renamed has been flushed to disk, and has the permissions that the umask leaves. After an
    exception only what was at `path` before is left. The remains of a killed process are removed by
    the next one.

    Raises OutputError, naming `path`, if the system refuses to write; LockError while another
    process writes the same path; OrphanedError if the run that this process belongs to has ended.
    """
    path = Path(path)
    if path.name in ("", ".."):
        path = path.resolve()
    aside = _aside(path)
    with locked(aside, path), naming_write_errors(path, aside):
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


def is_finished(path: Path) -> bool:
    """Whether `path` exists, without remains of a process that was killed as it had put it there.

    What is not finished is to be written again, which removes them.
    """
    return path.exists() and not _aside(path).exists()


def remove(folder: Path) -> None:
    """Remove a folder and its content. Raises OrphanedError if this process's run has ended."""
    refuse_orphans()
    shutil.rmtree(folder, ignore_errors=True)


def _aside(path: Path) -> Path:
    return path.with_name(f".{path.name}.part")


def _clear(aside: Path) -> None:
    for left in aside.iterdir():
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        elif left.name != OWNER:
            left.unlink(missing_ok=True)


def _settle(made: Path, aside: Path) -> None:
    """Flush everything to disk, with the permissions of a new file or folder in this place."""
    for_file, for_folder = (aside / OWNER).stat().st_mode, aside.stat().st_mode
    inside = sorted(made.rglob("*"), reverse=True) if made.is_dir() else []
    for path in (*inside, made):
        mode = stat.S_IMODE(for_folder if path.is_dir() else for_file)
        if stat.S_IMODE(path.stat().st_mode) != mode:
            path.chmod(mode)
        _to_disk(path)


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:  # the file system does not support it
            raise
    finally:
        os.close(descriptor)
