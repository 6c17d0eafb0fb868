"""The best classes of each video, in a deterministic order."""

import numpy as np

ROWS_AT_ONCE = 64
"""Videos ranked at a time: bounds the memory, and keeps the working set in the cache."""

GROUP = 16
"""Classes per group: a first pass looks only at the best value of each group."""


def top_k(predictions: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """The k best classes of each video, highest value first; of equal values the lower class first.

    predictions: float32 [B, C], without NaN. A k above C is reduced to C.
    Returns classes int64 [B, k] and their values float32 [B, k].
    """
    videos, classes = predictions.shape
    k = min(k, classes)
    best = np.empty((videos, k), np.int64)
    for start in range(0, videos, ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        best[rows] = _top_classes(predictions[rows], k)
    return best, np.take_along_axis(predictions, best, axis=1)


def _top_classes(predictions: np.ndarray, k: int) -> np.ndarray:
    """int64 [B, k]. One comparison rules out most classes; only the others are sorted."""
    bound = _bound(predictions, k)
    if bound is None:
        return _sorted_classes(predictions, k)
    videos, classes = np.divmod(np.flatnonzero(predictions >= bound), predictions.shape[1])
    counts = np.bincount(videos, minlength=len(predictions))
    if counts.max() > 4 * k:  # many equal values
        return _sorted_classes(predictions, k)
    keys = np.full((len(predictions), counts.max()), np.iinfo(np.uint64).max)
    places = np.arange(len(videos)) - np.repeat(np.cumsum(counts) - counts, counts)
    keys[videos, places] = _keys(predictions[videos, classes], classes)
    return np.sort(keys, axis=1)[:, :k].astype(np.uint32)  # the low half of the key: the class


def _bound(predictions: np.ndarray, k: int) -> np.ndarray | None:
    """A value that k classes of each video reach, and few others: float32 [B, 1].

    It is the k-th best of the groups' maxima. None if there are fewer than k groups.
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


def _keys(values: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """Value and class packed into one integer, uint64.

    No two keys of a video are equal, so any sorting algorithm gives the same order.
    """
    return descending_bits(values).astype(np.uint64) << np.uint64(32) | classes.astype(np.uint64)


def descending_bits(values: np.ndarray) -> np.ndarray:
    """Integers that sort ascending as the values sort descending.

    values: float32, any shape, no NaN; 0.0 and -0.0 are equal. Returns uint32 of that shape.
    A float's bits ascend with its value if it is positive and descend if it is negative (IEEE 754),
    so those of positive floats are complemented below the sign bit.
    """
    bits = (values + np.float32(0.0)).view(np.uint32)  # -0.0 + 0.0 = 0.0
    positive = bits >> np.uint32(31) == 0
    return np.where(positive, bits ^ np.uint32(0x7FFFFFFF), bits)
