"""The jobs of a run that are running, or have ended before they had succeeded.

They are found by the files beside their logs (`yt8m.activity`), without Snakemake. A file that is
half written, or of another version or program, is left out.
"""

import os
import socket
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from yt8m.activity import PREFIX, SUFFIX, Activity, Process
from yt8m.errors import ArtefactError
from yt8m.json_files import AMOUNT, TEXT, Fits, Maybe, read_json
from yt8m.locks import OWNER
from yt8m.parent import pid_namespace, start_of
from yt8m.text_tables import format_table, numbers, sentences, words
from yt8m.workflow.layout import Layout

FRESH = 300.0
"""Seconds without news after which a job on another machine is no longer called running."""

SECONDS = Fits(lambda value: isinstance(value, int | float) and 0 <= value < 1e12, "seconds")

SHAPE = {
    "title": TEXT,
    "unit": TEXT,
    "done": AMOUNT,
    "total": AMOUNT,
    "rate": Maybe(SECONDS),
    "note": TEXT,
    "error": TEXT,
    "began": SECONDS,
    "updated": SECONDS,
    "slowest": SECONDS,
    "process": {"host": TEXT, "namespace": TEXT, "pid": AMOUNT, "started": TEXT},
}


@dataclass(frozen=True)
class Job:
    """A job that has not succeeded yet.

    name: rule and names, such as train/netvlad1. state: "running", "stopped", "failed" or "silent",
        which is on another machine and without news. saved: when its state to resume from was
        saved, in seconds since 1970; None without one.
    """

    name: str
    log: Path
    state: str
    activity: Activity
    process: Process
    saved: float | None = None


def read_jobs(results: Path, now: float | None = None) -> list[Job]:
    """All such jobs of a results folder, those that run first. now: seconds since 1970."""
    logs = Path(Layout(str(results)).logs)
    now = time.time() if now is None else now
    found = [_job(path, logs, results, now) for path in _files(logs)]
    return sorted((job for job in found if job), key=lambda job: (job.state != "running", job.name))


def _files(logs: Path) -> list[Path]:
    walked = ((Path(folder), files) for folder, _, files in os.walk(logs))
    return [f / n for f, names in walked for n in names if n[:1] == PREFIX and n.endswith(SUFFIX)]


def _job(path: Path, logs: Path, results: Path, now: float) -> Job | None:
    try:
        content = read_json(path, SHAPE)
    except ArtefactError:
        return None
    process, activity = _built(Process, content["process"]), _built(Activity, content)
    log = path.with_name(path.name[len(PREFIX) : -len(SUFFIX)])
    name = str(log.relative_to(logs).with_suffix(""))
    state = state_of(process, activity, now)
    return Job(name, log, state, activity, process, _saved(Layout(str(results)).state(name)))


def _built(kind: type, content: dict[str, Any]) -> Any:
    return kind(**{field.name: content.get(field.name) for field in fields(kind)})


def state_of(process: Process, activity: Activity, now: float) -> str:
    """What has become of a job. A process of this machine is looked up; others must give news."""
    if activity.error:
        return "failed"
    if (process.host, process.namespace) == (socket.gethostname(), pid_namespace()):
        return "running" if start_of(process.pid) == process.started else "stopped"
    patience = max(FRESH, 3 * activity.slowest)
    return "running" if now - activity.updated < patience else "silent"


def _saved(folder: str) -> float | None:
    """When the newest file of saved state was written; None if there is none."""
    times = []
    for above, _, files in os.walk(folder):
        for name in files:
            if name != OWNER and not name.startswith("."):
                with suppress(OSError):  # it has just been replaced
                    times.append(Path(above, name).stat().st_mtime)
    return max(times, default=None)


def seconds_left(activity: Activity, now: float) -> float | None:
    """Estimate by the rate so far; None if there is none, or the end is not known."""
    if not activity.rate or not activity.total:
        return None
    return max((activity.total - activity.done) / activity.rate - (now - activity.updated), 0.0)


def jobs_table(jobs: Sequence[Job], now: float, width: int | None = None) -> str:
    """A row per job. now: seconds since 1970. width: most characters per line, see `format_table`.

    "" without jobs.
    """
    if not jobs:
        return ""
    columns = [*words("job"), *numbers("done", "rate", "left"), *sentences("now")]
    return format_table(columns, [_row(job, now) for job in jobs], width)


def _row(job: Job, now: float) -> tuple[str, ...]:
    activity = job.activity
    done = f"{activity.done:,}/{activity.total:,}" if activity.total else ""
    if job.state == "silent":
        news = f"no news from {job.process.host} for {clock(now - activity.updated)}"
        return job.name, done, "", "", news
    if job.state != "running":
        return job.name, done, "", "", what_became(job)
    rate = f"{activity.rate:,.3g} {activity.unit}s/s" if activity.rate else ""
    left = seconds_left(activity, now)
    return job.name, done, rate, "" if left is None else clock(left), _doing(job, now)


def _doing(job: Job, now: float) -> str:
    """What a job says; the title only if it says nothing else, or works ahead on another model."""
    title, note = job.activity.title, job.activity.note
    about_another = title and title.split()[-1] not in job.name
    said = [title if about_another or not note else "", note]
    return ": ".join(filter(None, said)) or f"for {clock(now - job.activity.began)}"


def what_became(job: Job) -> str:
    """Why a job does not run, and when its state to resume from was saved."""
    reason = {"failed": f"failed: {job.activity.error}", "silent": "without news"}
    text = reason.get(job.state, "stopped")
    if job.saved is None:
        return text
    return f"{text}; its state was saved on {datetime.fromtimestamp(job.saved):%d %b, %H:%M:%S}"


def how_far(job: Job) -> str:
    """Such as " at step 120 of 360"; empty if the job does not count."""
    activity = job.activity
    return f" at {activity.unit} {activity.done:,} of {activity.total:,}" if activity.total else ""


def clock(seconds: float) -> str:
    """1:05 is a minute and five seconds, 2:00:00 two hours."""
    minutes, rest = divmod(round(max(seconds, 0)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
