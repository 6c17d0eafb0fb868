"""Memory for batches, reused once no array refers to it any more.

A batch takes tens of megabytes. For allocations of that size the system provides fresh pages, which
it has to clear; that takes as long as filling them.
"""

import math
import weakref
from collections import deque

import numpy as np

MOST_FREE = 8
"""Buffers kept for reuse; any further ones are returned to the system."""

ALIGNMENT_BYTES = 64
"""Arrays begin at multiples of this, so that TensorFlow can use them without a copy."""


class Buffers:
    """Arrays for the batches of one set of records; thread-safe."""

    def __init__(self):
        self._free: deque[memoryview] = deque(maxlen=MOST_FREE)

    def empty(self, shape: tuple[int, ...]) -> np.ndarray:
        """An uninitialised uint8 array of this shape.

        Its memory is reused only once this array and all views of it are gone.
        """
        size = math.prod(shape)
        memory = self._take(size)
        # From a memoryview, not from an array: all numpy views refer to the first array that is not
        # itself a view of another, and the finalizer must watch that one.
        watched = np.frombuffer(memory, np.uint8)
        weakref.finalize(watched, self._free.append, memory).atexit = False
        return watched[:size].reshape(shape)

    def _take(self, size: int) -> memoryview:
        try:
            memory = self._free.pop()  # the most recent one, which may still be in the cache
        except IndexError:
            memory = memoryview(b"")
        return memory if len(memory) >= size else _aligned(size)


def _aligned(size: int) -> memoryview:
    memory = np.empty(size + ALIGNMENT_BYTES, np.uint8)
    start = -memory.__array_interface__["data"][0] % ALIGNMENT_BYTES
    return memoryview(memory[start : start + max(size, 1)])
