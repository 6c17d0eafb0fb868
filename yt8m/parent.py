"""The run that a command belongs to: when it ends, the command ends too and writes no more.

If only Snakemake is killed, or only the shell between it and a command, the command survives. The
next run or retry would then write the same files at the same time, perhaps with other settings, and
whichever finished last would win.

Processes are identified through Linux's /proc; on other systems nothing is watched.
"""

import os
import socket
import threading
import time
from pathlib import Path

from yt8m.errors import Yt8mError
from yt8m.stderr import write_line

VARIABLE = "YT8M_RUN"
"""Environment variable: pid, start time, pid namespace and host of what starts the jobs."""

STARTER = os.getppid()
"""The process that started this one, such as the shell of a job."""

SECONDS = 0.5
"""Interval between checks of the run."""

MESSAGE = "the run that started this command has ended; the command stops without writing more"


class OrphanedError(Yt8mError):
    """The run that started this command has ended."""


def announce_run() -> None:
    """Make this process the run of all commands that it starts from now on."""
    started = start_of(os.getpid())
    if started is not None:  # there is /proc
        os.environ[VARIABLE] = f"{os.getpid()} {started} {pid_namespace()} {socket.gethostname()}"


def belongs_to_a_run() -> bool:
    """Whether a run has started this process, rather than a user."""
    return bool(os.environ.get(VARIABLE))


def run_has_ended() -> bool:
    """Whether there was a run, and it or its shell has ended.

    A run that is not visible, as from inside a container or on another machine, counts as alive.
    """
    if not belongs_to_a_run():
        return False
    pid, started, namespace, host = os.environ[VARIABLE].split()
    try:
        hidden = (namespace, host) != (pid_namespace(), socket.gethostname())
        return os.getppid() != STARTER or (not hidden and start_of(int(pid)) != started)
    except OSError:  # such as too many open files
        return False


def refuse_orphans() -> None:
    """Raises OrphanedError if the run has ended; call it before anything is put in place."""
    if run_has_ended():
        raise OrphanedError(MESSAGE)


def watch_run() -> None:
    """End this process as soon as its run has ended, whatever it is doing then."""
    refuse_orphans()
    if belongs_to_a_run():
        threading.Thread(target=_watch, name="watch the run", daemon=True).start()


def _watch() -> None:
    while not run_has_ended():
        time.sleep(SECONDS)
    write_line(f"yt8m: error: {MESSAGE}")
    os._exit(1)


def start_of(pid: int) -> str | None:
    """Start time of a living process, in ticks since boot; None if it has ended."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    state, started = words[0], words[19]  # fields 3 and 22 of proc(5)
    return None if state in "ZX" else started  # a zombie has ended


def pid_namespace() -> str:
    """Number of the pid namespace, the set of processes that this one can see."""
    return str(Path("/proc/self/ns/pid").readlink()).strip("pid:[]")
