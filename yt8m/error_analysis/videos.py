"""A video with its labels and what a graph predicts for it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from yt8m.metrics.ranking import top_k

TOP_K = 5
"""Most probable classes that are kept of a video."""


@dataclass(frozen=True)
class Scored:
    """A class and its probability."""

    index: int
    probability: float


@dataclass(frozen=True)
class Video:
    """A video. loss: cross-entropy, summed over classes. labels: ascending. predictions: the most
    probable classes first.
    """

    id: str
    loss: float
    labels: Sequence[Scored]
    predictions: Sequence[Scored]


@dataclass(frozen=True)
class Batch:
    """Evaluated videos. ids: B. losses: float64 [B]. predictions: float32 [B, C], all finite.
    labels: bool [B, C].
    """

    ids: Sequence[str]
    losses: np.ndarray
    predictions: np.ndarray
    labels: np.ndarray

    def video(self, row: int) -> Video:
        """One of them."""
        scores, true = self.predictions[row], np.flatnonzero(self.labels[row])
        best, _ = top_k(scores[None], TOP_K)
        labels, predictions = (_scored(classes, scores) for classes in (true, best[0]))
        return Video(self.ids[row], float(self.losses[row]), labels, predictions)


def _scored(classes: np.ndarray, scores: np.ndarray) -> list[Scored]:
    return [Scored(index, float(scores[index])) for index in classes.tolist()]
