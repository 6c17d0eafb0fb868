"""The videos of a split that a graph gets most wrong, found in one pass."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from yt8m.error_analysis.lowest import Lowest
from yt8m.error_analysis.mistake_files import (
    FALSE_PREDICTION,
    KINDS,
    LARGEST_LOSS,
    MISSED_LABEL,
    SMALLEST_LOSS,
    Mistake,
    Mistakes,
)
from yt8m.error_analysis.videos import Batch, Scored, Video
from yt8m.metrics.origin import Origin
from yt8m.metrics.state_texts import as_text, from_text

KEPT = 100
"""Videos of each kind."""


class MistakenVideos:
    """The videos of each of the `KINDS`, in memory for few of them: an observer of `evaluate`.

    A video counts once for each kind, with its most probable false class and with its least
    probable label. Videos without labels count for their loss only: nothing they are predicted to
    be is known to be wrong.

    The result depends neither on the size nor on the order of the batches.
    """

    def __init__(self, names: Sequence[str], kept: int = KEPT):
        """names: of the C classes."""
        self._names = names
        self._lowest: dict[str, Lowest[Mistake]] = {kind: Lowest(kept) for kind in KINDS}

    def add(
        self, ids: Sequence[str], losses: np.ndarray, predictions: np.ndarray, labels: np.ndarray
    ) -> None:
        """Add a batch. ids: B. losses: float64 [B]. predictions: float32 [B, C]. labels: bool
        [B, C]. All are finite.
        """
        batch = Batch(ids, losses, predictions, labels)
        self._add(LARGEST_LOSS, -losses, batch)
        self._add(SMALLEST_LOSS, losses, batch)
        false, of_false = _false_predictions(predictions, labels)
        self._add(FALSE_PREDICTION, -of_false, batch, false)
        missed, of_missed = _missed_labels(predictions, labels)
        self._add(MISSED_LABEL, of_missed, batch, missed)

    def _add(
        self, kind: str, ranks: np.ndarray, batch: Batch, classes: np.ndarray | None = None
    ) -> None:
        """Add a batch to one kind. ranks: float [B]. classes: int64 [B], if it is about a class."""

        def mistake(row: int) -> Mistake:
            if classes is None:
                return Mistake(batch.video(row))
            index = int(classes[row])
            return Mistake(batch.video(row), Scored(index, float(batch.predictions[row, index])))

        self._lowest[kind].add(ranks, batch.ids, mistake)

    def state(self) -> dict[str, np.ndarray]:
        """The videos so far, as a text."""
        found = {
            kind: [[rank, *_entry(mistake)] for rank, _, mistake in lowest.entries]
            for kind, lowest in self._lowest.items()
        }
        return {"found": as_text(found)}

    def add_state(self, state: Mapping[str, np.ndarray]) -> None:
        """Add the videos that another one, which keeps as many, has found, from its `state`."""
        for kind, entries in from_text(state["found"]).items():
            mistakes = ((rank, _mistake(*entry)) for rank, *entry in entries)
            self._lowest[kind].extend((rank, m.video.id, m) for rank, m in mistakes)

    def mistakes(self, split: str, graph: str, records: str) -> Mistakes:
        """Those so far. graph, records: digests of what was predicted by what."""
        found = {kind: lowest.found for kind, lowest in self._lowest.items()}
        return Mistakes(Origin(split, graph, records), self._names, found)

    def write(self, path: Path, split: str, graph: str, records: str) -> None:
        """Write those so far."""
        self.mistakes(split, graph, records).write(path)


def _entry(mistake: Mistake) -> list[Any]:
    video, wrong = mistake.video, mistake.wrong
    lists = ([[s.index, s.probability] for s in of] for of in (video.labels, video.predictions))
    return [video.id, video.loss, *lists, wrong and [wrong.index, wrong.probability]]


def _mistake(id: str, loss: float, labels: list, predictions: list, wrong: list | None) -> Mistake:
    """The inverse of `_entry`."""
    video = Video(id, loss, [Scored(*s) for s in labels], [Scored(*s) for s in predictions])
    return Mistake(video, wrong and Scored(*wrong))


def _false_predictions(
    predictions: np.ndarray, labels: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The most probable false class of each video, int64 [B], and its probability, float32 [B]:
    NaN for a video without labels, and if no false class has a probability above 0.
    """
    return _best(np.where(labels, np.float32(0), predictions), labels, lambda value: value > 0)


def _missed_labels(predictions: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The least probable label of each video, int64 [B], and its probability, float32 [B]: NaN for
    a video without labels.
    """
    classes, negative = _best(np.where(labels, -predictions, -np.inf), labels, np.isfinite)
    return classes, -negative


def _best(values: np.ndarray, labels: np.ndarray, valid) -> tuple[np.ndarray, np.ndarray]:
    """The class of the largest value of each video, the lower class of equal ones, and the value:
    NaN for a video without labels or with a value that is not valid. values: float32 [B, C].
    """
    classes = values.argmax(axis=1)
    best = np.take_along_axis(values, classes[:, None], axis=1)[:, 0]
    return classes, np.where(labels.any(axis=1) & valid(best), best, np.nan)
