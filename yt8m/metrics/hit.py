"""Hit@1: how often the best class is right."""

import numpy as np


def hit_at_one(predictions: np.ndarray, labels: np.ndarray) -> float:
    """Share of videos whose highest prediction is a label of theirs.

    predictions: float32 [N, C]. labels: bool [N, C]. Of equal predictions the lower class counts.
    A video without labels is a miss, and counts.
    """
    best = predictions.argmax(axis=1)
    return float(labels[np.arange(len(labels)), best].mean())
