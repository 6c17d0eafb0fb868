"""Invented probabilities and labels, and their counts."""

import numpy as np

from yt8m.calibration.bins import bins_of, lower_edges
from yt8m.calibration.score_counts import ScoreCounts


def invented(seed: int, videos: int = 120, classes: int = 12):
    """Probabilities with ties, float32 [N, C], and labels; the last two classes have none."""
    rng = np.random.default_rng(seed)
    share = np.geomspace(0.4, 0.01, classes)
    labels = rng.random((videos, classes)) < share
    labels[:, -2:] = False
    odds = rng.normal(size=labels.shape) * 2 + 2.5 * labels - 3
    return (1 / (1 + np.exp(-np.round(odds, 1)))).astype("float32"), labels


def on_edges(scores: np.ndarray) -> np.ndarray:
    """The same on the lower edges of their bins, between which thresholds are not told apart."""
    return lower_edges()[bins_of(scores)]


def counted(scores: np.ndarray, labels: np.ndarray, batch: int = 50):
    counts = ScoreCounts(scores.shape[1])
    for start in range(0, len(labels), batch):
        counts.add(scores[start : start + batch], labels[start : start + batch])
    return counts.scores("validate", "g", "r")
