"""Counts of each class's probabilities by bin, over a stream of batches."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from yt8m.calibration.bins import BINS, bins_of
from yt8m.calibration.score_files import Scores, write_scores
from yt8m.metrics.origin import Origin

COLLECTED = 2**22
"""Values that are collected before they are counted, which goes through the whole table."""

AT_ONCE = 2**19
"""Cells of the table that are filled at a time, few enough for the cache."""


class ScoreCounts:
    """How many videos have a class's probability in a bin: of all, and of those with the label.

    One pass, in memory that does not grow with the number of videos: 8 bytes per class and bin
    (34 MB for 3,862 classes), and 30 MB for values that are not counted yet. The result depends
    neither on the size nor on the order of the batches.
    """

    def __init__(self, classes: int):
        self.classes = classes
        self._videos = np.zeros((classes, BINS), np.int32)
        self._positives = np.zeros((classes, BINS), np.int32)
        self._bins: list[np.ndarray] = []
        self._collected = 0

    def add(self, predictions: np.ndarray, labels: np.ndarray) -> None:
        """Add a batch: probabilities, float32 [B, C], all finite; labels, bool [B, C]."""
        bins = bins_of(predictions)
        true = np.flatnonzero(labels)
        np.add.at(self._positives, (true % self.classes, bins.ravel()[true]), 1)
        self._bins.append(bins)
        self._collected += bins.size
        if self._collected >= COLLECTED:
            self._count()

    def state(self) -> dict[str, np.ndarray]:
        """The counts so far, by name: int32 [C, BINS] each."""
        self._count()
        return {"videos": self._videos, "positives": self._positives}

    def add_state(self, state: Mapping[str, np.ndarray]) -> None:
        """Add the videos that another one has counted, from its `state`."""
        self._videos += state["videos"]
        self._positives += state["positives"]

    def scores(self, split: str, graph: str, records: str) -> Scores:
        """The counts so far. graph, records: digests of what was predicted by what."""
        self._count()
        return Scores(self._videos, self._positives, Origin(split, graph, records))

    def write(self, path: Path, split: str, graph: str, records: str) -> None:
        """Write the counts so far."""
        write_scores(path, self.scores(split, graph, records))

    def _count(self) -> None:
        if not self._bins:
            return
        bins = np.concatenate(self._bins)  # [n, C]
        self._bins, self._collected = [], 0
        step = AT_ONCE // BINS
        for first in range(0, self.classes, step):
            part = bins[:, first : first + step].T
            cells = part + (np.arange(len(part)) * BINS)[:, None]
            counts = np.bincount(cells.ravel(), minlength=len(part) * BINS)
            self._videos[first : first + step] += counts.reshape(-1, BINS).astype(np.int32)
