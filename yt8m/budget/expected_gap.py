"""The GAP to expect from predictions, given probabilities instead of labels."""

import numpy as np

from yt8m.metrics.ranking import descending_bits
from yt8m.metrics.ranking import top_k as best_of


def expected_gap(probabilities: np.ndarray, predictions: np.ndarray, top_k: int = 20) -> float:
    """The expected GAP of `predictions` if labels are distributed as `probabilities` say.

    probabilities, predictions: float32 [N, C]; each class of each video is an independent label
        with that probability. No labels are needed.

    GAP is the sum over hits of the precision at the hit, divided by the number of labels. In ranked
    order, entry i is a hit with probability p[i], and then 1 + sum of p[j] over j < i hits are
    expected among the first i. So the sum's expectation is the sum of p[i] * (1 + sum of p[j]) / i;
    it is divided by the expected number of labels.

    Small changes of the weights swap entries that are nearly equal, so they cost about the square
    of the change; changes far down a video's list, which metrics ignore, cost nothing.
    """
    classes, scores = best_of(predictions.astype(np.float32), top_k)
    order = np.argsort(descending_bits(scores).ravel(), kind="stable")
    hits = np.take_along_axis(probabilities, classes, axis=1).astype(np.float64).ravel()[order]
    before = np.cumsum(hits) - hits
    found = (hits * (1.0 + before) / np.arange(1, len(hits) + 1)).sum()
    return float(found / max(probabilities.sum(dtype=np.float64), 1e-12))
