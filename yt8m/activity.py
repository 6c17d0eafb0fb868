"""What a job of a run is doing, in a small file beside its log, which `yt8m status` reads.

The file is there from the job's start until it has succeeded. One that outlives its process says
how far an interrupted or failed job has come. Nothing depends on it: a file that cannot be written
is left out.
"""

import json
import os
import socket
import stat
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from yt8m.parent import belongs_to_a_run, pid_namespace, start_of

PREFIX, SUFFIX = ".", ".activity"
"""Around the name of a log, in that of the file beside it."""


@dataclass(frozen=True)
class Activity:
    """What a job is doing.

    title: such as "train netvlad1"; empty if its command does not say. done, total: in units of
        `unit`, such as "step"; total is 0 if it does not count. rate: units a second, or None.
        note: such as "loss 0.123". error: why it failed, if it did.
    began, updated: seconds since 1970. slowest: seconds, the longest time between two updates.
    """

    title: str = ""
    unit: str = ""
    done: int = 0
    total: int = 0
    rate: float | None = None
    note: str = ""
    error: str = ""
    began: float = 0.0
    updated: float = 0.0
    slowest: float = 0.0


@dataclass(frozen=True)
class Process:
    """A process. namespace: which processes its number is among. started: ticks since boot."""

    host: str
    namespace: str
    pid: int
    started: str


def this_process() -> Process:
    """The process that calls it."""
    pid = os.getpid()
    return Process(socket.gethostname(), pid_namespace(), pid, start_of(pid) or "")


def own_log() -> Path | None:
    """The file that is this process's standard error; None if that is no file."""
    with suppress(OSError):
        if stat.S_ISREG(os.fstat(2).st_mode):
            return Path("/proc/self/fd/2").readlink()
    return None


def activity_file(log: Path) -> Path:
    """The file beside a log."""
    return log.with_name(f"{PREFIX}{log.name}{SUFFIX}")


def own_activity_file() -> Path | None:
    """The file of this process, if it is a job of a run with a log; it need not exist."""
    log = own_log() if belongs_to_a_run() else None
    return log and activity_file(log)


def start_activity() -> Path | None:
    """Write that this process, a job of a run, has begun. Returns the file; None without a log."""
    path = own_activity_file()
    if path:
        now = time.time()
        write_activity(path, Activity(began=now, updated=now), this_process())
    return path


def note_error(path: Path, error: str) -> None:
    """Add to the file of this process why it fails."""
    with suppress(OSError, ValueError, AttributeError):
        content = json.loads(path.read_text())
        _put(path, content | {"error": error, "updated": time.time()})


def write_activity(path: Path, activity: Activity, process: Process) -> None:
    """Replace the file at once, so that no reader finds half of it."""
    _put(path, asdict(activity) | {"process": asdict(process)})


def _put(path: Path, content: dict) -> None:
    part = path.with_name(f"{path.name}.part")
    with suppress(OSError):
        part.write_text(json.dumps(content) + "\n")
        part.replace(path)
