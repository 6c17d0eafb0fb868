"""Runs of two graphs whose true metrics are known, since a huge population has them."""

import numpy as np

from yt8m.metrics.accumulate import Metrics
from yt8m.metrics.video_scores import VideoScores

QUALITIES = (2.4, 2.6)
"""How many standard deviations higher each graph scores true labels."""


def predicted(videos: int, classes: int, seed: int) -> tuple[list[np.ndarray], np.ndarray]:
    """Probabilities of both graphs, float32 [N, C] each, and labels, bool [N, C].

    Videos are hard or easy, for both graphs, and part of the graphs' noise is the same.
    """
    rng = np.random.default_rng(seed)
    share = np.minimum(0.5, 1.2 / np.arange(1, classes + 1))
    labels = rng.random((videos, classes)) < share
    shared, hardness = rng.normal(size=labels.shape), rng.normal(0, 0.7, (videos, 1))
    graphs = []
    for quality in QUALITIES:
        noise = 0.8 * shared + 0.6 * rng.normal(size=labels.shape)
        logits = noise + (quality + hardness) * labels - 4 + np.log10(share)
        graphs.append((1 / (1 + np.exp(-logits))).astype(np.float32))
    return graphs, labels


def measured(
    predictions: np.ndarray, labels: np.ndarray, top_k: int = 20
) -> tuple[float, VideoScores]:
    """GAP of a graph, and what its videos contribute."""
    metrics = Metrics(predictions.shape[1], top_k)
    scores = metrics.add(predictions, labels)
    return metrics.result().gap, scores
