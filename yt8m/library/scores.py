"""The metrics of YouTube-8M on plain arrays; `yt8m.metrics` has the formulae and their sources."""

import numpy as np
from numpy.typing import ArrayLike

from yt8m.errors import ArrayError
from yt8m.metrics.accumulate import Metrics
from yt8m.metrics.result import Result


def evaluate(predictions: ArrayLike, labels: ArrayLike, top_k: int = 20) -> Result:
    """All metrics at once, also of each class.

    Args:
        predictions: floats [N, C], the higher the more probable; compared as float32.
        labels: bool, or 0 and 1, [N, C]: which classes are true.
        top_k: classes of each video that count for GAP and MAP; the challenge has 20.

    Returns:
        `gap`, `map`, `map_present`, `perr`, `hit_at_one` (floats from 0 to 1), `videos`,
            `positives` and other counts; `classes` with arrays [C] of `positives`,
            `average_precision` and `retrieved`.

    Raises:
        ArrayError: for other shapes or types, values that are not finite, or no label at all.

    Examples:
        >>> import yt8m
        >>> predictions = [[0.9, 0.2, 0.6], [0.1, 0.8, 0.7]]
        >>> labels = [[1, 0, 1], [0, 0, 1]]
        >>> found = yt8m.evaluate(predictions, labels, top_k=2)
        >>> round(found.gap, 3), found.hit_at_one
        (0.806, 0.5)
        >>> found.classes.average_precision
        array([1., 0., 1.])
    """
    predictions, labels = _predictions(predictions), _labels(labels)
    if predictions.shape != labels.shape:
        raise ArrayError(
            f"predictions have shape {list(predictions.shape)}, labels {list(labels.shape)}; "
            "expected the same, [videos, classes]"
        )
    if not labels.any():
        raise ArrayError(f"none of the {len(labels)} videos has a label to compare with")
    if top_k < 1:
        raise ArrayError(f"top_k: is {top_k}; expected 1 or more")
    metrics = Metrics(labels.shape[1], top_k)
    metrics.add(predictions, labels)
    return metrics.result()


def gap(predictions: ArrayLike, labels: ArrayLike, top_k: int = 20) -> float:
    """Global average precision, the metric of the YouTube-8M challenges.

    The `top_k` best classes of every video form one list, sorted by probability; GAP is its average
    precision, over all true labels.

    Args:
        predictions: floats [N, C].
        labels: bool, or 0 and 1, [N, C].
        top_k: classes of each video that count.

    Returns:
        0 to 1.

    Raises:
        ArrayError: as `evaluate` does.

    Examples:
        >>> import yt8m
        >>> yt8m.gap([[0.9, 0.2], [0.3, 0.8]], [[1, 0], [0, 1]])
        1.0
    """
    return evaluate(predictions, labels, top_k).gap


def mean_average_precision(predictions: ArrayLike, labels: ArrayLike, top_k: int = 20) -> float:
    """MAP: the mean over all C classes of their average precision.

    A video counts for a class if the class is among its `top_k` best. A class without positives
    counts as 0, as in the challenge; `evaluate(...).map_present` leaves such classes out.

    Args:
        predictions: floats [N, C].
        labels: bool, or 0 and 1, [N, C].
        top_k: classes of each video that count.

    Returns:
        0 to 1.

    Raises:
        ArrayError: as `evaluate` does.

    Examples:
        >>> import yt8m
        >>> yt8m.mean_average_precision([[0.9, 0.2], [0.3, 0.8]], [[1, 0], [1, 0]])
        0.5
    """
    return evaluate(predictions, labels, top_k).map


def perr(predictions: ArrayLike, labels: ArrayLike) -> float:
    """Precision at equal recall rate.

    Of a video with n true labels, the share of them among its n best classes; the mean over all
    videos, where one without labels counts as 0. As in the challenge, a class whose prediction is 0
    or less is never among the best, so give probabilities, not logits.

    Args:
        predictions: floats [N, C].
        labels: bool, or 0 and 1, [N, C].

    Returns:
        0 to 1.

    Raises:
        ArrayError: as `evaluate` does.

    Examples:
        >>> import yt8m
        >>> yt8m.perr([[0.9, 0.2, 0.6], [0.1, 0.8, 0.7]], [[1, 0, 1], [0, 0, 1]])
        0.5
    """
    return evaluate(predictions, labels).perr


def hit_at_one(predictions: ArrayLike, labels: ArrayLike) -> float:
    """The share of videos whose most probable class is true.

    Args:
        predictions: floats [N, C].
        labels: bool, or 0 and 1, [N, C]. A video without labels counts as a miss.

    Returns:
        0 to 1.

    Raises:
        ArrayError: as `evaluate` does.

    Examples:
        >>> import yt8m
        >>> yt8m.hit_at_one([[0.9, 0.2], [0.3, 0.8]], [[1, 0], [1, 0]])
        0.5
    """
    return evaluate(predictions, labels).hit_at_one


def _predictions(given: ArrayLike) -> np.ndarray:
    found = np.asarray(given)
    if found.ndim != 2 or found.dtype.kind != "f" or not found.size:
        raise ArrayError(
            f"predictions are {found.dtype} {list(found.shape)}; expected floats [videos, classes]"
        )
    finite = np.isfinite(found)
    if not finite.all():
        video, label = np.argwhere(~finite)[0]
        raise ArrayError(
            f"predictions: video {video}, class {label} is {found[video, label]}; all must be "
            "finite"
        )
    return np.ascontiguousarray(found, np.float32)


def _labels(given: ArrayLike) -> np.ndarray:
    found = np.asarray(given)
    if found.ndim != 2 or found.dtype.kind not in "biuf" or not np.isin(found, (0, 1)).all():
        raise ArrayError(
            f"labels are {found.dtype} {list(found.shape)}; expected True or False, or 0 and 1, "
            "[videos, classes]"
        )
    return found.astype(bool)
