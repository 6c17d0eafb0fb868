"""Global average precision, the metric of the YouTube-8M challenges."""

import numpy as np

from yt8m.metrics.average_precision import average_precision
from yt8m.metrics.ranking import top_k as best_of


def global_average_precision(predictions: np.ndarray, labels: np.ndarray, top_k: int = 20) -> float:
    """Average precision of the `top_k` best entries of every video, pooled into one list.

    predictions: probabilities, float32 [N, C]. labels: bool [N, C].
    Divided by all positive labels, including those outside the best `top_k`; 0 without labels.
    """
    classes, probabilities = best_of(predictions, top_k)
    hits = np.take_along_axis(labels, classes, axis=1)
    return average_precision(probabilities.ravel(), hits.ravel(), int(labels.sum()))
