"""Confidence intervals from resampled metrics, and what of many differences chance can explain."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Interval:
    """Limits of a value, and `p`: how often chance alone makes one at least as far from 0."""

    low: float
    high: float
    p: float

    @property
    def excludes_zero(self) -> bool:
        """Whether 0 is outside."""
        return self.low > 0 or self.high < 0


def interval(value: float, resampled: np.ndarray, level: float) -> Interval | None:
    """The percentile interval of a metric or of a difference of two (Efron and Tibshirani, 1993).

    value: of all videos. resampled: how far each resample is from it, float64 [R]; NaN does not
        count. level: such as 0.95.

    `p` is two-sided, of a normal distribution with the standard deviation of `resampled`: R
    resamples alone give no p below 1 / R, too coarse for many comparisons.

    None if fewer than two resamples count.
    """
    counted = resampled[np.isfinite(resampled)]
    if len(counted) < 2:
        return None
    low, high = value + np.quantile(counted, [(1 - level) / 2, (1 + level) / 2])
    spread = float(counted.std(ddof=1))
    p = math.erfc(abs(value) / spread / math.sqrt(2)) if spread > 0 else float(value == 0)
    return Interval(float(low), float(high), p)


def adjusted(p: Sequence[float]) -> list[float]:
    """Holm's adjusted p values: the chance that any difference of all that are named is a mistake.

    Holm, "A simple sequentially rejective multiple test procedure", 1979: the i-th smallest of m is
    multiplied by m - i + 1, and none is below a smaller one's.
    """
    order = sorted(range(len(p)), key=p.__getitem__)
    found, largest = [0.0] * len(p), 0.0
    for place, index in enumerate(order):
        largest = max(largest, min(1.0, (len(p) - place) * p[index]))
        found[index] = largest
    return found
