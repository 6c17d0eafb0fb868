"""The best classes of all videos as one list, which is sorted on disk when it is long.

An entry is one unsigned 64-bit integer, in either of two layouts, one a rotation of the other:

    by probability    probability, descending (32 bits) | hit (1) | class (31)
    by class          class (31) | probability, descending (32 bits) | hit (1)

Sorted ascending, both put the higher probability first and, among equal ones, the misses first.
Equal integers are equal entries, so the sorted list does not depend on the order of the videos.
"""

import tempfile
import weakref
from collections.abc import Iterator

import numpy as np

from yt8m.metrics.average_precision import precision_sums
from yt8m.metrics.ranking import descending_bits

MEMORY_LIMIT_BYTES = 64 * 2**20
"""Beyond this many bytes, entries go to a temporary file (in TMPDIR): 400,000 videos of 20."""

BLOCK = 2**18
"""Entries processed at a time."""

CLASS_BITS, RANK_BITS = 31, 33
"""Widths of the class, and of the probability followed by the hit."""


class Entries:
    """Entries of predicted classes: append them in any order, then compute sums of precisions."""

    def __init__(self, memory_limit_bytes: int = MEMORY_LIMIT_BYTES):
        self.memory_limit_bytes = memory_limit_bytes
        self._chunks: list[np.ndarray] = []
        self._chunk_bytes = 0
        self._file = None

    def append(self, classes: np.ndarray, probabilities: np.ndarray, hits: np.ndarray) -> None:
        """Add entries: int64, float32 without NaN, and bool, all of the same shape."""
        keys = descending_bits(probabilities).ravel().astype(np.uint64) << np.uint64(32)
        keys |= hits.ravel().astype(np.uint64) << np.uint64(CLASS_BITS)
        keys |= classes.ravel().astype(np.uint64)
        self.extend(keys)

    def keys(self) -> np.ndarray:
        """All entries so far, uint64 [n], in the layout by probability, ascending."""
        keys = self._keys()
        keys.sort()
        return keys

    def extend(self, keys: np.ndarray) -> None:
        """Add entries that `keys` of another list returned."""
        self._chunks.append(keys)
        self._chunk_bytes += keys.nbytes
        if self._file is not None or self._chunk_bytes > self.memory_limit_bytes:
            self._spill()

    def precision_sum(self) -> float:
        """Sum over all hits of the precision at the hit, all entries in one list."""
        keys = self.keys()
        hits = ((block >> np.uint64(CLASS_BITS)) & np.uint64(1) for block in _blocks(keys))
        return float(precision_sums((h.astype(bool) for h in hits), np.array([0, len(keys)]))[0])

    def precision_sums_by_class(self, classes: int) -> tuple[np.ndarray, np.ndarray]:
        """For each class's own list: the sum of precisions, float64 [C], and length, int64 [C]."""
        keys = self._keys()
        _rotate(keys, RANK_BITS)
        keys.sort()
        edges = np.arange(classes + 1, dtype=np.uint64) << np.uint64(RANK_BITS)
        starts = np.searchsorted(keys, edges)
        sums = precision_sums(((b & np.uint64(1)).astype(bool) for b in _blocks(keys)), starts)
        _rotate(keys, CLASS_BITS)
        return sums, np.diff(starts)

    def _keys(self) -> np.ndarray:
        """All entries in the layout by probability, unsorted, writable in place."""
        if self._file is None:
            self._chunks = [np.concatenate([np.empty(0, np.uint64), *self._chunks])]
            return self._chunks[0]
        self._file.flush()
        return np.asarray(np.memmap(self._file, np.uint64, mode="r+"))

    def _spill(self) -> None:
        if self._file is None:
            # An unnamed file: whatever happens, nothing is left on the disk.
            self._file = tempfile.TemporaryFile(prefix="yt8m-metrics-")  # noqa: SIM115
            weakref.finalize(self, self._file.close)
        for chunk in self._chunks:
            self._file.write(chunk.data)
        self._chunks, self._chunk_bytes = [], 0


def _blocks(keys: np.ndarray) -> Iterator[np.ndarray]:
    return (keys[start : start + BLOCK] for start in range(0, len(keys), BLOCK))


def _rotate(keys: np.ndarray, left: int) -> None:
    for block in _blocks(keys):
        block[:] = (block << np.uint64(left)) | (block >> np.uint64(64 - left))
