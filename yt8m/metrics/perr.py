"""PERR: precision at equal recall rate.

Abu-El-Haija et al., 2016, section 5.1: a video with n labels is judged by its n best classes.
"""

import numpy as np

from yt8m.metrics.ranking import top_k


def precision_at_equal_recall(predictions: np.ndarray, labels: np.ndarray) -> float:
    """Mean over videos of the share of true labels among the n best classes, n its label count.

    predictions: float32 [N, C]. labels: bool [N, C]. A prediction of 0 or less is never a hit.
    A video without labels has precision 0, and counts.
    """
    counts = labels.sum(axis=1)
    classes, scores = top_k(predictions, int(counts.max(initial=0)))
    hits = np.take_along_axis(labels, classes, axis=1)
    return float(np.mean(hits_at_equal_recall(scores, hits, counts) / np.maximum(counts, 1)))


def hits_at_equal_recall(scores: np.ndarray, hits: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """How many of each video's n best classes are true, with a score above 0.

    scores: float32 [B, k], highest first. hits: bool [B, k]. counts: int64 [B], the n of each
    video, none above k. Returns int64 [B].
    """
    among_best = np.arange(scores.shape[1]) < counts[:, None]  # [B, k]
    return (hits & among_best & (scores > 0)).sum(axis=1)
