"""The videos of a split that a graph predicts best and worst, found in one pass."""

import heapq
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from yt8m.metrics.origin import Origin
from yt8m.metrics.ranking import top_k
from yt8m.outputs.extreme_files import Extremes, Scored, Video

KEPT = 3
"""Videos of each kind."""

TOP_K = 5
"""Most probable classes that are kept of a video."""


class Candidate(NamedTuple):
    """A video among the extremes so far: those with the lowest rank, of equal ones the lower id."""

    rank: float
    id: str
    video: Video


class ExtremeVideos:
    """The videos with the smallest and the largest loss, in memory for few of them.

    The result depends neither on the size nor on the order of the batches.
    """

    def __init__(self, kept: int = KEPT):
        self._kept = kept
        self._best: list[Candidate] = []
        self._worst: list[Candidate] = []

    def add(
        self, ids: Sequence[str], losses: np.ndarray, predictions: np.ndarray, labels: np.ndarray
    ) -> None:
        """Add a batch. ids: B. losses: float64 [B]. predictions: float32 [B, C]. labels: bool
        [B, C]. All are finite.
        """
        batch = (ids, losses, predictions, labels)
        self._best = self._smallest(self._best, losses, batch)
        self._worst = self._smallest(self._worst, -losses, batch)

    def _smallest(self, before: list[Candidate], ranks: np.ndarray, batch: tuple):
        ids = batch[0]
        rows = heapq.nsmallest(self._kept, range(len(ids)), lambda row: (ranks[row], ids[row]))
        new = [Candidate(float(ranks[row]), ids[row], _video(row, *batch)) for row in rows]
        return heapq.nsmallest(self._kept, [*before, *new], lambda each: each[:2])

    def extremes(self, split: str, graph: str, records: str) -> Extremes:
        """Those so far. graph, records: digests of what was predicted by what."""
        best, worst = ([each.video for each in found] for found in (self._best, self._worst))
        return Extremes(Origin(split, graph, records), best, worst)

    def write(self, path: Path, split: str, graph: str, records: str) -> None:
        """Write those so far."""
        self.extremes(split, graph, records).write(path)


def _video(
    row: int, ids: Sequence[str], losses: np.ndarray, predictions: np.ndarray, labels: np.ndarray
) -> Video:
    scores = predictions[row]
    best, _ = top_k(scores[None], TOP_K)
    true = np.flatnonzero(labels[row])
    return Video(
        ids[row], float(losses[row]), list(_scored(true, scores)), list(_scored(best[0], scores))
    )


def _scored(classes: np.ndarray, scores: np.ndarray) -> Iterator[Scored]:
    for index in classes.tolist():
        yield Scored(index, float(scores[index]))
