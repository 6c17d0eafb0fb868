"""The run that a command belongs to: once that is gone, the command ends and writes no more.

When Snakemake alone is killed, or the shell between it and a command, the command lives on. The
next run, or the next try, would make the same files beside it, with other settings perhaps, and
whoever finished last would win.

Processes are told apart as Linux does it, by /proc; elsewhere nothing is watched.
"""

import os
import threading
import time
from pathlib import Path

from yt8m.errors import Yt8mError
from yt8m.last_words import say

VARIABLE = "YT8M_RUN"
"""Environment variable: id, start and pid namespace of the process that starts the jobs."""

STARTER = os.getppid()
"""The process that started this one: the shell of a job, say."""

SECONDS = 0.5
"""Between two looks at it."""

MESSAGE = "the run that started this command is gone; it ends without writing anything more"


class OrphanedError(Yt8mError):
    """The run that started this command is gone."""


def announce_run() -> None:
    """From here on, commands that this process starts belong to it."""
    started = _started(os.getpid())
    if started is not None:  # there is /proc
        os.environ[VARIABLE] = f"{os.getpid()} {started} {_namespace()}"


def belongs_to_a_run() -> bool:
    """Whether a run has started this process; otherwise it was started by hand."""
    return bool(os.environ.get(VARIABLE))


def run_is_gone() -> bool:
    """Whether there was a run, and it or its shell has ended.

    A run that cannot be seen, as behind a container, counts as alive.
    """
    if not belongs_to_a_run():
        return False
    pid, started, namespace = os.environ[VARIABLE].split()
    try:
        hidden = namespace != _namespace()
        return os.getppid() != STARTER or (not hidden and _started(int(pid)) != started)
    except OSError:  # too many open files, say
        return False


def refuse_orphans() -> None:
    """Raises OrphanedError when the run is gone; to be called before anything is put in place."""
    if run_is_gone():
        raise OrphanedError(MESSAGE)


def watch_run() -> None:
    """End this process as soon as its run is gone, whatever it is doing then."""
    refuse_orphans()
    if belongs_to_a_run():
        threading.Thread(target=_watch, name="watch the run", daemon=True).start()


def _watch() -> None:
    while not run_is_gone():
        time.sleep(SECONDS)
    say(f"yt8m: error: {MESSAGE}")
    os._exit(1)


def _started(pid: int) -> str | None:
    """When a living process started, in ticks since the machine did; None for others."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    state, started = words[0], words[19]  # fields 3 and 22 of proc(5)
    return None if state in "ZX" else started  # ended, and nobody has asked how


def _namespace() -> str:
    """A number for the processes that this one can see."""
    return str(Path("/proc/self/ns/pid").readlink()).strip("pid:[]")
