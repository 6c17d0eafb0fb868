"""Global average precision, the measure of the YouTube-8M challenges."""

import numpy as np

from yt8m.metrics.average_precision import average_precision
from yt8m.metrics.ranking import top_k as best_of


def global_average_precision(predictions: np.ndarray, labels: np.ndarray, top_k: int = 20) -> float:
    """Average precision of the `top_k` best entries of every video, pooled into one list.

    predictions: float32 [N, C]. labels: bool [N, C].
    Divided by all positive labels, also those outside the best `top_k`; 0 without any.
    """
    classes, scores = best_of(predictions, top_k)
    hits = np.take_along_axis(labels, classes, axis=1)
    return average_precision(scores.ravel(), hits.ravel(), int(labels.sum()))
