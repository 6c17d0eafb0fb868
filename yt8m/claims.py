"""Folders of work that is under way belong to one process at a time, on whichever machine.

The lock is the operating system's (flock), on a file in the folder: it ends with its process, so
none is ever left behind. Where a file system knows no locks, nothing is claimed.
"""

import fcntl
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from yt8m.errors import ClaimError
from yt8m.refusals import refusals_named

OWNER = "owner"
"""File in the folder that says who has it."""

CLAIM = ".claim"
"""Folder in one of results that holds its lock."""

PATIENCE = 10.0
"""Seconds to wait for a process that is about to end, such as a job of a killed run."""


@contextmanager
def claimed(folder: Path, what: Path) -> Iterator[None]:
    """Keep `folder`, made where it is missing, to this process while the block runs.

    what: for the message; what is made there. Raises ClaimError when another process has the
    folder and keeps it, OutputError where there can be no such folder. One that is empty
    afterwards is removed.
    """
    end = time.monotonic() + PATIENCE
    while (lock := _locked(folder, what)) is None:
        if time.monotonic() > end:
            raise ClaimError(
                f"{what}: is being written by {_owner(folder)}; wait for it, end it, or choose "
                "another place"
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
def claimed_results(out: Path) -> Iterator[None]:
    """Keep the folder of results `out` to this process while the block makes them.

    Otherwise as `claimed`; a folder that was not there before and stays empty is removed.
    """
    was_there = out.exists()
    try:
        with claimed(out / CLAIM, out):
            yield
    finally:
        if not was_there:
            with suppress(OSError):
                out.rmdir()


def _locked(folder: Path, what: Path) -> IO | None:
    """The open file that holds the lock; None while another process has it."""
    with refusals_named(what, folder):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            file = (folder / OWNER).open("ab+", buffering=0)
        except FileNotFoundError:  # removed in between
            return None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    except OSError:  # a file system without locks
        return file
    if not _is_there(file, folder / OWNER):  # its owner removed it when it was done
        file.close()
        return None
    with suppress(OSError):  # on a full disk nobody is named
        file.truncate(0)
        file.write(f"process {os.getpid()} on {socket.gethostname()}".encode())
    return file


def _is_there(file: IO, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _owner(folder: Path) -> str:
    with suppress(OSError):
        return (folder / OWNER).read_text() or "another process"
    return "another process"
