"""Which differences chance can explain: intervals from resampled videos, and one for many."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from yt8m.metrics.intervals import Interval, adjusted, interval
from yt8m.report.number_format import signed


@dataclass(frozen=True)
class Difference:
    """A difference of two metrics.

    resampled: how far that of each resample of the videos is from it, float64 [R]; None if videos
        were not resampled for both. found: its interval, where that alone was kept.
    """

    value: float
    resampled: np.ndarray | None = None
    found: Interval | None = None


@dataclass(frozen=True)
class Confidence:
    """How differences are judged.

    level: share of intervals that hold the truth. resamples: of the videos; 0 if there are none.
    differences: how many the page names that have an interval. limit: the largest p value, of these
        differences, that holds when all are made (Holm, 1979).
    """

    level: float = 0.95
    resamples: int = 0
    differences: int = 0
    limit: float = -1.0

    def interval(self, difference: Difference) -> Interval | None:
        """The interval of a difference alone; None if videos were not resampled."""
        if difference.resampled is None:
            return difference.found
        return interval(difference.value, difference.resampled, self.level)

    def is_noise(self, difference: Difference) -> bool:
        """Whether chance can explain a difference among all that the page names."""
        found = self.interval(difference)
        return found is None or not found.excludes_zero or found.p > self.limit


def judging(differences: Sequence[Difference], level: float, resamples: int) -> Confidence:
    """Judge by all of these differences; equal ones, which the page names twice, count once."""
    alone = Confidence(level, resamples)
    found = {(d.value, i) for d in differences if (i := alone.interval(d))}
    p = [interval.p for _, interval in found]
    proven = [own for own, together in zip(p, adjusted(p), strict=True) if together <= 1 - level]
    return Confidence(level, resamples, len(p), max(proven, default=-1.0))


def mean_of(differences: Sequence[Difference]) -> Difference:
    """The mean of several differences, one or more."""
    value = sum(d.value for d in differences) / len(differences)
    resampled = [d.resampled for d in differences]
    if any(each is None for each in resampled):
        return Difference(value)
    return Difference(value, np.mean(resampled, axis=0))


def look(difference: Difference, confidence: Confidence) -> str:
    """CSS class of a difference of GAP: `gain`, `drop`, or `noise`."""
    if confidence.is_noise(difference):
        return "noise"
    return "gain" if difference.value > 0 else "drop"


def limits(difference: Difference, confidence: Confidence) -> str:
    """`[+0.0012, +0.0081]`; empty without an interval."""
    found = confidence.interval(difference)
    return f"[{signed(found.low)}, {signed(found.high)}]" if found else ""


def with_limits(difference: Difference, confidence: Confidence) -> str:
    """`+0.0041 [+0.0012, +0.0081]`, and `, within noise` after a difference that is.

    Without an interval nothing is said about noise.
    """
    shown = limits(difference, confidence)
    if not shown:
        return signed(difference.value)
    caveat = ", within noise" if confidence.is_noise(difference) else ""
    return f"{signed(difference.value)} {shown}{caveat}"
