"""Locks: a folder of work in progress belongs to one process at a time, across machines.

The lock is the operating system's (flock) on a file in the folder. It ends with its process, so it
never outlives it. On file systems without locks, nothing is locked.
"""

import fcntl
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from yt8m.errors import LockError
from yt8m.write_errors import naming_write_errors

OWNER = "owner"
"""File in the folder that is locked, and that names the owner."""

LOCK = ".lock"
"""Folder with the lock of a folder of results."""

PATIENCE = 10.0
"""Seconds to wait for a process that is about to end, such as a job of a killed run."""


@contextmanager
def locked(folder: Path, what: Path, patience: float | None = None) -> Iterator[None]:
    """Lock `folder` for this process while the block runs, creating it if necessary.

    what: what is made there, for messages. patience: seconds to wait for another process; None for
    `PATIENCE`. A folder that is empty afterwards is removed.
    Raises LockError if another process holds the lock and keeps it, OutputError if the folder
    cannot be created.
    """
    end = time.monotonic() + (PATIENCE if patience is None else patience)
    while (lock := _try_lock(folder, what)) is None:
        if time.monotonic() > end:
            raise LockError(
                f"{what}: is being written by {_owner(folder)}; wait for it, end it, or choose "
                "another path"
            )
        time.sleep(0.05)
    try:
        yield
    finally:
        with suppress(OSError):
            (folder / OWNER).unlink(missing_ok=True)
            folder.rmdir()
        lock.close()


@contextmanager
def locked_results(out: Path) -> Iterator[None]:
    """Lock the folder of results `out` for this process while the block writes them.

    Otherwise like `locked`; a folder that did not exist before and stays empty is removed.
    """
    was_there = out.exists()
    try:
        with locked(out / LOCK, out):
            yield
    finally:
        if not was_there:
            with suppress(OSError):
                out.rmdir()


def _try_lock(folder: Path, what: Path) -> IO | None:
    """The open, locked file; None while another process holds the lock."""
    with naming_write_errors(what, folder):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            file = (folder / OWNER).open("ab+", buffering=0)
        except (FileExistsError, FileNotFoundError) as error:
            if _is_final(error):
                raise
            return None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    except OSError:  # a file system without locks
        return file
    if not _is_there(file, folder / OWNER):  # its former owner removed it on finishing
        file.close()
        return None
    with suppress(OSError):  # on a full disk the owner stays unnamed
        file.truncate(0)
        file.write(f"process {os.getpid()} on {socket.gethostname()}".encode())
    return file


def _is_final(error: OSError) -> bool:
    """Whether a path cannot be created; otherwise the owner removed folders at that moment."""
    path = Path(error.filename)
    if isinstance(error, FileExistsError):  # it was there, and then no folder, or not any more
        return os.path.lexists(path) and not path.is_dir()
    return path.name != OWNER and path.parent.is_dir()


def _is_there(file: IO, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _owner(folder: Path) -> str:
    with suppress(OSError):
        return (folder / OWNER).read_text() or "another process"
    return "another process"
