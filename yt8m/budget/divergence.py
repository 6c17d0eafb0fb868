"""How far predictions move when weights are stored smaller."""

import numpy as np

SMALLEST = 1e-7
"""Probabilities are kept this far from 0 and 1."""


def divergence(before: np.ndarray, after: np.ndarray) -> float:
    """Kullback-Leibler divergence of `after` from `before`, in nats a video.

    before, after: probabilities [N, C]. Each class is a coin of its own, as in the cross-entropy:
    this is by how much the cross-entropy rises where the labels are what `before` says they are.
    0 when nothing changed, otherwise more, and for small changes of the weights a quadratic form in
    them. No labels are needed.
    """
    p, q = (np.clip(a.astype(np.float64), SMALLEST, 1.0 - SMALLEST) for a in (before, after))
    nats = p * np.log(p / q) + (1.0 - p) * np.log((1.0 - p) / (1.0 - q))
    return float(nats.sum() / max(len(nats), 1))
