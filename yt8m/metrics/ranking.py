"""The best classes of each video, in an order that nothing is left to chance in."""

import numpy as np

ROWS_AT_ONCE = 256
"""Videos ranked in one go: bounds the memory, and keeps the working set in the cache."""


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
    # Score and class side by side in one integer: no two are equal, so any selection
    # algorithm finds the same k.
    keys = descending_bits(predictions).astype(np.uint64) << np.uint64(32)
    keys |= np.arange(predictions.shape[1], dtype=np.uint64)
    if 0 < k < keys.shape[1]:
        keys = np.partition(keys, k - 1, axis=1)
    return np.sort(keys[:, :k], axis=1).astype(np.uint32)  # the low half of the key: the class


def descending_bits(scores: np.ndarray) -> np.ndarray:
    """Integers that sort ascending as the scores sort descending.

    scores: float32, any shape, no NaN; 0.0 and -0.0 are equal. Returns uint32 of that shape.
    A float's bits ascend with its value when positive and descend when negative (IEEE 754), so the
    positive ones are complemented below their sign bit.
    """
    bits = (scores + np.float32(0.0)).view(np.uint32)  # -0.0 + 0.0 = 0.0
    positive = bits >> np.uint32(31) == 0
    return np.where(positive, bits ^ np.uint32(0x7FFFFFFF), bits)
