"""Progress bars on terminals; no output in logs."""

import sys
from typing import Any


class Progress:
    """A progress bar on stderr with rate and time left; nothing if stderr is not a terminal.

    Use it in a `with` block. title, unit: such as "predict with netvlad1" and "video".
    total: number of units. done: units that were done before, which the rate excludes.
    """

    def __init__(self, title: str, unit: str, total: int, done: int = 0):
        self.is_shown = bool(sys.stderr) and sys.stderr.isatty()
        self._bar = _bar(unit) if self.is_shown else None
        if self._bar is not None:
            self._task = self._bar.add_task(title, total=total, completed=done, note="")

    def __enter__(self) -> "Progress":
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(self, *_: Any) -> None:
        if self._bar is not None:
            self._bar.stop()

    def advance(self, count: int = 1, note: str = "") -> None:
        """Count units; note: a short text shown behind the bar until the next call."""
        if self._bar is not None:
            self._bar.update(self._task, advance=count, note=note)


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
