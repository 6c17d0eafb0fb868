"""The best classes of each video, in an order that nothing is left to chance in."""

import numpy as np

ROWS_AT_ONCE = 64
"""Videos ranked in one go: bounds the memory, and keeps the working set in the cache."""

GROUP = 16
"""Classes of which only the best one's score counts at first."""


def top_k(predictions: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """The k highest predictions of each video, highest first; of equal ones the lower class first.

    predictions: float32 [B, C], none of them NaN. A k beyond C is cut to C.
    Returns classes int64 [B, k] and their scores float32 [B, k].
    """
    videos, classes = predictions.shape
    k = min(k, classes)
    best = np.empty((videos, k), np.int64)
    for start in range(0, videos, ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        best[rows] = _top_classes(predictions[rows], k)
    return best, np.take_along_axis(predictions, best, axis=1)


def _top_classes(predictions: np.ndarray, k: int) -> np.ndarray:
    """int64 [B, k]. Of most classes a comparison shows that they are not among the best."""
    bound = _bound(predictions, k)
    if bound is None:
        return _sorted_classes(predictions, k)
    videos, classes = np.divmod(np.flatnonzero(predictions >= bound), predictions.shape[1])
    counts = np.bincount(videos, minlength=len(predictions))
    if counts.max() > 4 * k:  # many equal ones
        return _sorted_classes(predictions, k)
    keys = np.full((len(predictions), counts.max()), np.iinfo(np.uint64).max)
    places = np.arange(len(videos)) - np.repeat(np.cumsum(counts) - counts, counts)
    keys[videos, places] = _keys(predictions[videos, classes], classes)
    return np.sort(keys, axis=1)[:, :k].astype(np.uint32)  # the low half of the key: the class


def _bound(predictions: np.ndarray, k: int) -> np.ndarray | None:
    """A score that k classes of each video reach, and few others: float32 [B, 1].

    It is the k-th of the best scores of groups of classes. None with too few groups for that.
    """
    groups = predictions.shape[1] // GROUP
    if not 0 < k <= groups:
        return None
    grouped = predictions[:, : groups * GROUP].reshape(len(predictions), GROUP, groups)
    best = grouped.max(axis=1)  # [B, groups]
    best.partition(groups - k, axis=1)
    return best[:, groups - k, None]


def _sorted_classes(predictions: np.ndarray, k: int) -> np.ndarray:
    keys = _keys(predictions, np.arange(predictions.shape[1]))
    if 0 < k < keys.shape[1]:
        keys = np.partition(keys, k - 1, axis=1)
    return np.sort(keys[:, :k], axis=1).astype(np.uint32)


def _keys(scores: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """Score and class side by side in one integer, uint64.

    No two of a video are equal, so any way of sorting them finds the same.
    """
    return descending_bits(scores).astype(np.uint64) << np.uint64(32) | classes.astype(np.uint64)


def descending_bits(scores: np.ndarray) -> np.ndarray:
    """Integers that sort ascending as the scores sort descending.

    scores: float32, any shape, no NaN; 0.0 and -0.0 are equal. Returns uint32 of that shape.
    A float's bits ascend with its value when positive and descend when negative (IEEE 754), so the
    positive ones are complemented below their sign bit.
    """
    bits = (scores + np.float32(0.0)).view(np.uint32)  # -0.0 + 0.0 = 0.0
    positive = bits >> np.uint32(31) == 0
    return np.where(positive, bits ^ np.uint32(0x7FFFFFFF), bits)
