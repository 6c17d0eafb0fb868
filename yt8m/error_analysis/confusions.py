"""Which classes a graph predicts in place of which labels, over a stream of batches.

Of a video with n labels, the n most probable classes are its predictions, as for PERR (Abu-El-Haija
et al., 2016, section 5.1); those with a probability of 0 do not count. Each false one takes the
place of the labels that are not among them, in equal shares: it counts 1 / m for each of m such.
So the counts of all pairs add up to the number of false predictions.

Example: a video has the labels a, b and c; its most probable classes are a, x and y. Both b and c
are missed; x takes the place of b by 1/2 and of c by 1/2, and so does y. The sum is 2, for x and y.
"""

from collections.abc import Iterator, Mapping, Sequence
from math import lcm
from pathlib import Path

import numpy as np

from yt8m.error_analysis.confusion_files import KEPT, Confusions
from yt8m.metrics.origin import Origin
from yt8m.metrics.ranking import top_k

UNIT = lcm(*range(1, 25))
"""Counts are whole numbers of 1 / UNIT, so that their sums do not depend on the order: exact for up
to 24 missed labels of a video, and otherwise less than 1e-9 too small."""

PENDING = 2**20
"""Pairs that are collected before equal ones are added up."""


class ConfusedClasses:
    """Counts of the pairs of a label and a class in its place: an observer of `evaluate`.

    Pairs that occur take 16 bytes each, and at most twice that while they are added up; besides,
    there are about `PENDING` that are not added up yet. The result depends neither on the size nor
    on the order of the batches.
    """

    def __init__(self, names: Sequence[str]):
        """names: of the C classes."""
        self._names = names
        self._positives = np.zeros(len(names), np.int64)
        self._false = 0
        self._pairs = np.empty(0, np.int64)  # label * C + class in its place, ascending
        self._counts = np.empty(0, np.int64)  # in 1 / UNIT
        self._pending: list[tuple[np.ndarray, np.ndarray]] = []
        self._pending_pairs = 0

    def add(
        self, ids: Sequence[str], losses: np.ndarray, predictions: np.ndarray, labels: np.ndarray
    ) -> None:
        """Add a batch. predictions: float32 [B, C], all finite. labels: bool [B, C]."""
        false, missed = _false_and_missed(predictions, labels)
        self._positives += labels.sum(axis=0)
        self._false += int(np.count_nonzero(false))
        for rows in _parts(false, missed):
            of, instead, shares = _pairs(false[rows], missed[rows])
            self._add_pairs(of * len(self._names) + instead, shares)

    def _add_pairs(self, pairs: np.ndarray, counts: np.ndarray) -> None:
        self._pending.append((pairs, counts))
        self._pending_pairs += len(pairs)
        if self._pending_pairs >= PENDING:
            self._add_up()

    def state(self) -> dict[str, np.ndarray]:
        """All counts so far, by name."""
        self._add_up()
        return {
            "positives": self._positives,
            "false": np.array(self._false, np.int64),
            "pairs": self._pairs,
            "counts": self._counts,
        }

    def add_state(self, state: Mapping[str, np.ndarray]) -> None:
        """Add the videos that another one, of the same classes, has counted, from its `state`."""
        self._positives += state["positives"]
        self._false += int(state["false"])
        self._add_pairs(state["pairs"], state["counts"])

    def confusions(self, split: str, graph: str, records: str) -> Confusions:
        """The `KEPT` most frequent pairs so far, of equal ones the lower classes.

        graph, records: digests of what was predicted by what.
        """
        self._add_up()
        first = np.argsort(-self._counts, kind="stable")[:KEPT]
        of, instead = np.divmod(self._pairs[first], len(self._names))
        return Confusions(
            origin=Origin(split, graph, records),
            labels=of,
            predicted=instead,
            counts=self._counts[first] / UNIT,
            positives=self._positives[of],
            label_names=[self._names[index] for index in of.tolist()],
            predicted_names=[self._names[index] for index in instead.tolist()],
            pairs=len(self._pairs),
            false_predictions=self._false,
        )

    def write(self, path: Path, split: str, graph: str, records: str) -> None:
        """Write those so far."""
        self.confusions(split, graph, records).write(path)

    def _add_up(self) -> None:
        if not self._pending:
            return
        pairs, counts = (
            np.concatenate(each)
            for each in zip((self._pairs, self._counts), *self._pending, strict=True)
        )
        self._pending, self._pending_pairs = [], 0
        order = np.argsort(pairs, kind="stable")
        pairs, counts = pairs[order], counts[order]
        first = np.flatnonzero(np.diff(pairs, prepend=-1))
        self._pairs, self._counts = pairs[first], np.add.reduceat(counts, first)


def _false_and_missed(predictions: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which predictions are false and which labels are missed, bool [B, C] both."""
    numbers = labels.sum(axis=1)
    classes, probabilities = top_k(predictions, int(numbers.max(initial=0)))
    among = (np.arange(classes.shape[1]) < numbers[:, None]) & (probabilities > 0)
    predicted = np.zeros_like(labels)
    np.put_along_axis(predicted, classes, among, axis=1)
    return predicted & ~labels, labels & ~predicted


def _parts(false: np.ndarray, missed: np.ndarray) -> Iterator[np.ndarray]:
    """Rows of the batch, so few that they have `PENDING` pairs besides those of one video."""
    sizes = np.cumsum(false.sum(axis=1) * missed.sum(axis=1))
    ends = np.flatnonzero(np.diff(sizes // PENDING)) + 1
    yield from np.split(np.arange(len(sizes)), ends)


def _pairs(false: np.ndarray, missed: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Missed label, false prediction and share in 1 / UNIT of all pairs of a video, int64 [n]."""
    videos_of_false, false_classes = np.nonzero(false)
    videos_of_missed, missed_classes = np.nonzero(missed)
    numbers = np.bincount(videos_of_missed, minlength=len(missed))
    starts = np.cumsum(numbers) - numbers  # of a video's labels in `missed_classes`
    repeats = numbers[videos_of_false]  # a video misses at least as many labels as it has false
    before = np.cumsum(repeats) - repeats
    places = np.arange(repeats.sum()) + np.repeat(starts[videos_of_false] - before, repeats)
    return (
        missed_classes[places],
        np.repeat(false_classes, repeats),
        np.repeat(UNIT // np.maximum(repeats, 1), repeats),
    )
