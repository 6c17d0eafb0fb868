"""The threshold of each class, from counts of its probabilities by bin.

A video gets a class's label if the probability reaches the threshold. Thresholds lie on the edges
of bins, so precision and recall at a threshold are exact, and the best threshold is found to within
one bin. Of thresholds between the same two videos, the one in the middle (by bins) is taken, which
leaves room on both sides.

The best threshold of few positives is that of chance: classes with fewer than a least number get
the threshold of all classes pooled.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from yt8m.calibration.bins import BINS, ONE_HALF, lower_edges

NEVER = np.float32(np.inf)
"""The threshold of a class that is never decided."""

AT_ONCE = 1024
"""Classes processed at a time, which bounds the memory."""


@dataclass(frozen=True)
class Thresholds:
    """A threshold per class, and what it gives on the videos that it was chosen on.

    thresholds: float32 [C]; `NEVER` for a class that is never decided.
    positives, decided, hits: int64 [C], videos with the label, those that reach the threshold, and
        those that do both.
    pooled: float32, the threshold of all classes pooled, or `NEVER`.
    own: bool [C], classes with enough positives for a threshold of their own.
    """

    thresholds: np.ndarray
    positives: np.ndarray
    decided: np.ndarray
    hits: np.ndarray
    pooled: np.float32
    own: np.ndarray

    @property
    def precision(self) -> np.ndarray:
        """Share of decided videos that have the label: float64 [C], NaN if none is decided."""
        return _ratio(self.hits, self.decided)

    @property
    def recall(self) -> np.ndarray:
        """Share of videos with the label that are decided: float64 [C], NaN without positives."""
        return _ratio(self.hits, self.positives)

    @property
    def f1(self) -> np.ndarray:
        """Harmonic mean of precision and recall: float64 [C], NaN without positives."""
        f1 = _ratio(2 * self.hits, self.decided + self.positives)
        return np.where(self.positives > 0, f1, np.nan)

    def means(self) -> dict[str, float]:
        """`micro`: F1 of all decisions together. `macro`: mean F1 of classes with positives."""
        both = self.decided.sum() + self.positives.sum()
        return {"micro": float(2 * self.hits.sum() / both), "macro": float(np.nanmean(self.f1))}


def choose_thresholds(
    videos: np.ndarray,
    positives: np.ndarray,
    precision: float | None = None,
    min_positives: int = 1,
) -> Thresholds:
    """Thresholds from counts by bin, integers [C, BINS], of which one positive at least.

    precision: choose the lowest threshold that has this precision; a class that reaches it nowhere
        is never decided. None: choose the threshold with the best F1, of equal ones the highest.
    """
    own = positives.sum(axis=1) >= min_positives
    whole = _Above(_pooled(videos), _pooled(positives))
    pooled = whole.best(precision)
    chosen = np.concatenate([above.best(precision) for above in _by_class(videos, positives)])
    return _at(videos, positives, np.where(own, chosen, pooled), pooled[0], own)


def at_one_half(videos: np.ndarray, positives: np.ndarray) -> Thresholds:
    """The threshold 1/2 for every class."""
    bins = np.full(len(videos), ONE_HALF)
    return _at(videos, positives, bins, ONE_HALF, np.zeros(len(videos), bool))


class _Above:
    """Counts of videos whose probability reaches the lower edge of each bin.

    decided, hits: int64 [G, BINS + 1], of all videos and of those with the label; 0 in the last
        column, which stands for `NEVER`.
    """

    def __init__(self, videos: np.ndarray, positives: np.ndarray):
        self.decided, self.hits = (_from_above(counts) for counts in (videos, positives))

    def best(self, precision: float | None) -> np.ndarray:
        """The bin of each group's threshold: int64 [G]; BINS for never."""
        rows = np.arange(len(self.hits))
        if precision is None:
            f1 = np.nan_to_num(_ratio(2 * self.hits, self.decided + self.hits[:, :1]))
            best = BINS - np.argmax(f1[:, ::-1], axis=1)
            found = f1[rows, best] > 0
        else:
            reached = _ratio(self.hits, self.decided) >= precision  # not where none is decided
            reached &= self.hits > 0
            best, found = np.argmax(reached, axis=1), reached.any(axis=1)
        alike = self.decided[:, :BINS] == self.decided[rows, best][:, None]
        middle = (np.argmax(alike, axis=1) + BINS - 1 - np.argmax(alike[:, ::-1], axis=1)) // 2
        return np.where(found, middle, BINS)


def _at(
    videos: np.ndarray, positives: np.ndarray, bins: np.ndarray, pooled: int, own: np.ndarray
) -> Thresholds:
    """What thresholds at the lower edges of these bins give. bins: int64 [C]."""
    edges = np.append(lower_edges(), NEVER)
    reached = np.arange(BINS) >= bins[:, None]
    return Thresholds(
        edges[bins],
        positives.sum(axis=1, dtype=np.int64),
        np.where(reached, videos, 0).sum(axis=1, dtype=np.int64),
        np.where(reached, positives, 0).sum(axis=1, dtype=np.int64),
        edges[pooled],
        own,
    )


def _by_class(videos: np.ndarray, positives: np.ndarray) -> Iterator[_Above]:
    for first in range(0, len(videos), AT_ONCE):
        rows = slice(first, first + AT_ONCE)
        yield _Above(videos[rows], positives[rows])


def _pooled(counts: np.ndarray) -> np.ndarray:
    return counts.sum(axis=0, dtype=np.int64, keepdims=True)


def _from_above(counts: np.ndarray) -> np.ndarray:
    sums = np.cumsum(counts[:, ::-1], axis=1, dtype=np.int64)[:, ::-1]
    return np.pad(sums, ((0, 0), (0, 1)))


def _ratio(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The ratio a / b, NaN where b is 0."""
    return np.where(b > 0, a / np.maximum(b, 1), np.nan)
