"""How well probabilities agree with the share of videos that have the label, over all classes.

A pair is a video and a class. The expected calibration error (Guo et al., "On Calibration of Modern
Neural Networks", 2017, equation 3) is the mean over pairs of the difference between both, by group
of equal probability. Nearly all pairs have a probability near 0 and are right, so it is given again
without the lowest group.
"""

from dataclasses import dataclass

import numpy as np

from yt8m.calibration.bins import centres, lower_edges

GROUPS = 16
"""Groups of equal width from 0 to 1; their edges are edges of bins."""


@dataclass(frozen=True)
class Reliability:
    """Per group, from 0 upwards: pairs and those with the label, int64 [GROUPS]; and the mean
    probability, float64 [GROUPS], from the middle of each bin; NaN in a group without pairs.
    """

    pairs: np.ndarray
    positives: np.ndarray
    probability: np.ndarray

    @property
    def share(self) -> np.ndarray:
        """Share of the pairs that have the label: float64 [GROUPS], NaN without pairs."""
        return np.where(self.pairs > 0, self.positives / np.maximum(self.pairs, 1), np.nan)

    def error(self, first: int = 0) -> float | None:
        """Expected calibration error of the pairs in the groups from `first` on; None without."""
        pairs = self.pairs[first:]
        if not pairs.any():
            return None
        differences = np.nan_to_num(np.abs(self.probability - self.share)[first:])
        return float((pairs * differences).sum() / pairs.sum())


def reliability(videos: np.ndarray, positives: np.ndarray) -> Reliability:
    """From counts of probabilities by bin, integers [C, BINS]."""
    starts = np.searchsorted(lower_edges(), np.arange(GROUPS) / GROUPS)
    by_bin = videos.sum(axis=0, dtype=np.int64)
    pairs = np.add.reduceat(by_bin, starts)
    sums = np.add.reduceat(by_bin * centres(), starts)
    true = np.add.reduceat(positives.sum(axis=0, dtype=np.int64), starts)
    means = np.where(pairs > 0, sums / np.maximum(pairs, 1), np.nan)
    return Reliability(pairs, true, means)
