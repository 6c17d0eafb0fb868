"""The training history: measurements as rows of a CSV file, also shown during training."""

import csv
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TypeVar

import numpy as np

from yt8m.atomic import replacing
from yt8m.metrics.gap import global_average_precision
from yt8m.progress import Progress
from yt8m.stderr import say
from yt8m.training.measurements import VALIDATION, best_row, measured
from yt8m.training.tensorboard import Events

Result = TypeVar("Result")

COLUMNS = (
    "step",
    "epoch",
    "videos",
    "learning_rate",
    "loss",
    "l2_loss",
    "gap",
    "videos_per_second",
)


class History:
    """Rows of measurements, also shown during training.

    rows: from before an interruption. tensorboard: events to add to, or None.
    """

    def __init__(self, title: str, total_steps: int, rows: list[dict], tensorboard: Events | None):
        self.rows = list(rows)
        self._step, self._total_steps = rows[-1]["step"] if rows else 0, total_steps
        self._validation = ""
        self._bar = Progress(title, "step", total_steps, self._step)
        self._title, self._events = title, tensorboard
        self._clock, self._videos = time.perf_counter(), rows[-1]["videos"] if rows else 0

    def __enter__(self) -> "History":
        self._bar.__enter__()
        return self

    def __exit__(
        self, kind: type | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.__exit__(kind, error, trace)
        if self._events:
            self._events.close()

    def start_clock(self, videos: int) -> None:
        """Measure the speed from now on; `videos` were seen before."""
        self._clock, self._videos = time.perf_counter(), videos

    def paused(self, measure: Callable[[], Result]) -> Result:
        """The result of a call whose time does not count in the speed."""
        start = time.perf_counter()
        found = measure()
        self._clock += time.perf_counter() - start
        return found

    def add(self, predictions: np.ndarray, labels: np.ndarray, **row: float) -> None:
        """Add a row with all COLUMNS but `gap` and `videos_per_second`, which are computed here.

        predictions: float32 [B, C], for the step's batch. labels: bool [B, C]. row: may also have
        the columns of `VALIDATION`.
        """
        row["gap"] = global_average_precision(predictions, labels)
        now = time.perf_counter()
        speed = (row["videos"] - self._videos) / max(now - self._clock, 1e-9)
        self.start_clock(row["videos"])
        self.rows.append({**row, "videos_per_second": round(speed, 1)})
        self._show(self.rows[-1])

    def finish(self, kept: Mapping[str, float]) -> None:
        """Show the row of the weights that a phase with validation results in, and why it ended."""
        say(f"{self._title}: {self._outcome(kept)}")
        if self._events:
            self._events.add_kept(kept)

    def _outcome(self, kept: Mapping[str, float]) -> str:
        best, last = best_row(self.rows), self.rows[-1]
        text = (
            f"validation GAP {kept['validation_gap']:.4f} of the weights kept, of step "
            f"{kept['step']}; best {best['validation_gap']:.4f} at step {best['step']}"
        )
        if last["step"] == self._total_steps:
            return text
        return f"stopped at step {last['step']} of {self._total_steps}, out of patience; {text}"

    def write(self, path: Path) -> None:
        """Write all rows as CSV."""
        columns = (*COLUMNS, *VALIDATION) if measured(self.rows) else COLUMNS
        with replacing(path) as temporary, temporary.open("w", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(self.rows)

    def _show(self, row: dict[str, float]) -> None:
        if measured([row]):
            self._validation = f" validation GAP {row['validation_gap']:.4f}"
        note = f"loss {row['loss']:.3f} GAP {row['gap']:.3f}{self._validation}"
        self._bar.advance(row["step"] - self._step, note)
        self._step = row["step"]
        if not self._bar.is_shown:
            say(
                f"step {row['step']}/{self._total_steps} epoch {row['epoch']:.2f} "
                f"loss {row['loss']:.4f} GAP {row['gap']:.4f} lr {row['learning_rate']:.2e} "
                f"{row['videos_per_second']:.0f} videos/s"
                f"{self._validation if measured([row]) else ''}"
            )
        if self._events:
            self._events.add(row)


class NoHistory:
    """In place of a history on the workers that write nothing: takes the same calls."""

    rows: Sequence[dict] = ()

    def __enter__(self) -> "NoHistory":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def start_clock(self, videos: int) -> None:
        """Nothing is shown, so nothing is measured."""

    def paused(self, measure: Callable[[], Result]) -> Result:
        """The result of a call."""
        return measure()

    def add(self, predictions: np.ndarray, labels: np.ndarray, **row: float) -> None:
        """The chief adds this row."""
