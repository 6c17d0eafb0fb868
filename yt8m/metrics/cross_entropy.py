"""The loss that an evaluation measures, per video."""

import numpy as np

EPSILON = 1e-5
"""Added inside both logarithms, as in the original; bounds the loss of one class by 11.5."""


def losses(predictions: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Binary cross-entropy per video, summed over classes.

    predictions: float32 [B, C]. labels: bool [B, C]. Returns float64 [B].
    """
    of_truth = np.where(labels, predictions, 1.0 - predictions)
    return -np.log(of_truth + EPSILON).sum(axis=1, dtype=np.float64)
