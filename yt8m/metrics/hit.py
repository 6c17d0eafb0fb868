"""Hit@1: how often the best class is right."""

import numpy as np


def hit_at_one(predictions: np.ndarray, labels: np.ndarray) -> float:
    """Share of videos whose most probable class is one of their labels.

    predictions: probabilities, float32 [N, C]. labels: bool [N, C]. Of equal probabilities the
    lower class counts. A video without labels counts as a miss.
    """
    best = predictions.argmax(axis=1)
    return float(labels[np.arange(len(labels)), best].mean())
