"""The message at the end of a run that failed or was stopped: which jobs, and how to go on."""

from pathlib import Path

from yt8m.files import open_regular
from yt8m.printable import encodable, printable
from yt8m.running import Job, how_far, read_jobs, what_became

MOST_JOBS = 5
"""Most jobs whose logs are quoted."""

LINES = 3
"""Lines that are quoted from the end of a log."""

BYTES = 4096
"""Bytes at the end of a log in which these lines are looked for."""


def failure_message(results: Path, since: float) -> str:
    """Lines about the jobs of a run that have begun but not succeeded, each with its log's end.

    since: the run's start, in seconds since 1970. Empty if there are no such jobs.
    """
    jobs = [job for job in read_jobs(results) if job.state != "running"]
    jobs = [job for job in jobs if job.activity.began >= since]
    if not jobs:
        return ""
    blocks = [_about(job) for job in jobs[:MOST_JOBS]]
    more = len(jobs) - MOST_JOBS
    blocks += [f"and {more} more; see: yt8m status --results {results}"] if more > 0 else []
    asked = ", once you have done what the errors ask for" if any(map(_has_failed, jobs)) else ""
    return "\n".join([*blocks, f"Rerun the same command to resume{asked}."])


def _has_failed(job: Job) -> bool:
    return bool(job.activity.error)


def _about(job: Job) -> str:
    head = f"{job.name}{how_far(job)}: {what_became(job)}"
    return "\n".join([head, *(f"    {line}" for line in _end_of(job.log)), f"    {job.log}"])


def _end_of(log: Path) -> list[str]:
    """The last lines with any text; none if the log cannot be read."""
    try:
        with open_regular(log) as file:
            file.seek(max(file.seek(0, 2) - BYTES, 0))
            text = file.read().decode(errors="replace")
    except OSError:
        return []
    lines = [printable(encodable(line)) for line in text.splitlines() if line.strip()]
    return lines[-LINES:]
