"""PERR: precision at equal recall rate.

Abu-El-Haija et al., 2016, section 5.1: for a video with n labels, its n best classes count.
"""

import numpy as np


def hits_at_equal_recall(
    probabilities: np.ndarray, hits: np.ndarray, counts: np.ndarray
) -> np.ndarray:
    """How many of each video's n best classes are true, with a probability above 0.

    probabilities: float32 [B, k], highest first. hits: bool [B, k]. counts: int64 [B], the n of
    each video, none above k. Returns int64 [B].
    """
    among_best = np.arange(probabilities.shape[1]) < counts[:, None]  # [B, k]
    return (hits & among_best & (probabilities > 0)).sum(axis=1)
