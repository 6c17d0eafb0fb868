"""Invented members: predictions of better or worse quality."""

import numpy as np

from yt8m.weight_learning.candidates import Candidates, candidates_of


def invented(
    videos: int = 300, classes: int = 30, noises=(1.0, 1.5, 4.0), seed: int = 0
) -> tuple[list[np.ndarray], np.ndarray]:
    """Predictions float32 [N, C] of one member for each noise (of its logits), and labels."""
    rng = np.random.default_rng(seed)
    labels = rng.random((videos, classes)) < 2.0 / np.arange(2, classes + 2)
    logits = [4.0 * labels - 3.0 + noise * rng.normal(size=labels.shape) for noise in noises]
    return [(1 / (1 + np.exp(-own))).astype(np.float32) for own in logits], labels


def all_of(predictions: list[np.ndarray], labels: np.ndarray) -> Candidates:
    """Candidates with every class among them."""
    return candidates_of(predictions, labels, labels.shape[1])


def grid(members: int, parts: int):
    """Every point of the simplex whose weights are whole parts."""
    if members == 1:
        yield np.array([float(parts)]) / parts
        return
    for first in range(parts + 1):
        for rest in grid(members - 1, parts - first) if first < parts else [np.zeros(members - 1)]:
            yield np.concatenate([[first / parts], rest * (parts - first) / parts])
