"""Progress: bars on terminals, no output in logs, and the files that `yt8m status` reads."""

import sys
import time
from typing import Any

from yt8m.activity import Activity, own_activity_file, this_process, write_activity

SECONDS = 1.0
"""Shortest time between two writes of what a job is doing."""


class Progress:
    """A progress bar on stderr with rate and time left; nothing if stderr is not a terminal.

    A job of a run writes the same to a file beside its log, at most once a second.

    Use it in a `with` block. title, unit: such as "predict with netvlad1" and "video".
    total: number of units. done: units that were done before, which the rate excludes.
    """

    def __init__(self, title: str, unit: str, total: int, done: int = 0):
        self.is_shown = bool(sys.stderr) and sys.stderr.isatty()
        self._bar = _bar(unit) if self.is_shown else None
        self._job = _Job.of_this_process(title, unit, total, done)
        if self._bar is not None:
            self._task = self._bar.add_task(title, total=total, completed=done, note="")

    def __enter__(self) -> "Progress":
        if self._bar is not None:
            self._bar.start()
        if self._job is not None:
            self._job.write()
        return self

    def __exit__(self, *_: Any) -> None:
        if self._bar is not None:
            self._bar.stop()
        if self._job is not None:
            self._job.write()

    def advance(self, count: int = 1, note: str = "") -> None:
        """Count units; note: a short text shown behind the bar until the next call."""
        if self._bar is not None:
            self._bar.update(self._task, advance=count, note=note)
        if self._job is not None:
            self._job.advance(count, note)


class _Job:
    """The file of a job. Its rate begins with the first units, whose start may be slow."""

    def __init__(self, path, title: str, unit: str, total: int, done: int):
        self._path, self._process = path, this_process()
        self._about = {"title": title, "unit": unit, "total": total, "began": time.time()}
        self._done, self._note = done, ""
        self._first: tuple[float, int] | None = None
        self._last = self._written = time.monotonic()
        self._slowest = 0.0

    @classmethod
    def of_this_process(cls, *about: Any) -> "_Job | None":
        """None if this process is no job of a run."""
        path = own_activity_file()
        return cls(path, *about) if path else None

    def advance(self, count: int, note: str) -> None:
        now = time.monotonic()
        self._done, self._note = self._done + count, note
        self._first = self._first or (now, self._done)
        self._slowest, self._last = max(self._slowest, now - self._last), now
        if now - self._written >= SECONDS:
            self.write()

    def write(self) -> None:
        self._written = time.monotonic()
        write_activity(
            self._path,
            Activity(
                **self._about,
                done=self._done,
                rate=self._rate(),
                note=self._note,
                updated=time.time(),
                slowest=round(self._slowest, 3),
            ),
            self._process,
        )

    def _rate(self) -> float | None:
        """Units a second from the first to the last update; None before the second one."""
        since, done = self._first or (self._last, self._done)
        return (self._done - done) / (self._last - since) if self._last > since else None


def _bar(unit: str):
    """The columns of the bar; rich is imported only if there is something to show."""
    from rich import progress
    from rich.console import Console

    class Rate(progress.ProgressColumn):
        def render(self, task: progress.Task) -> progress.Text:
            speed = task.finished_speed or task.speed
            return progress.Text(f"{speed:,.1f} {unit}s/s" if speed else "")

    def plain(text: str) -> progress.TextColumn:
        return progress.TextColumn(text, markup=False)

    return progress.Progress(
        plain("{task.description}"),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        Rate(),
        progress.TimeRemainingColumn(),
        plain("{task.fields[note]}"),
        console=Console(stderr=True),
        redirect_stdout=bool(sys.stdout) and sys.stdout.isatty(),  # not if it is a file or a pipe
    )
