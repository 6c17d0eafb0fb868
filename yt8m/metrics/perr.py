"""PERR: precision at equal recall rate.

Abu-El-Haija et al., 2016, section 5.1: for a video with n labels, its n best classes count.
"""

import numpy as np

from yt8m.metrics.ranking import top_k


def precision_at_equal_recall(predictions: np.ndarray, labels: np.ndarray) -> float:
    """Mean over videos of the share of true classes among the n best, n being its label count.

    predictions: probabilities, float32 [N, C]. labels: bool [N, C]. A value of 0 or less is never
    a hit. A video without labels counts with precision 0.
    """
    counts = labels.sum(axis=1)
    classes, probabilities = top_k(predictions, int(counts.max(initial=0)))
    hits = np.take_along_axis(labels, classes, axis=1)
    found = hits_at_equal_recall(probabilities, hits, counts)
    return float(np.mean(found / np.maximum(counts, 1)))


def hits_at_equal_recall(
    probabilities: np.ndarray, hits: np.ndarray, counts: np.ndarray
) -> np.ndarray:
    """How many of each video's n best classes are true, with a probability above 0.

    probabilities: float32 [B, k], highest first. hits: bool [B, k]. counts: int64 [B], the n of
    each video, none above k. Returns int64 [B].
    """
    among_best = np.arange(probabilities.shape[1]) < counts[:, None]  # [B, k]
    return (hits & among_best & (probabilities > 0)).sum(axis=1)
