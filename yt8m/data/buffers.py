"""Memory for batches, used again once nobody looks at it any more.

A batch takes tens of megabytes. The system hands out as many of them only as fresh pages, which it
clears one by one; that takes as long as filling them.
"""

import math
import weakref
from collections import deque

import numpy as np

MOST_FREE = 8
"""Buffers kept for later use; further ones are given back to the system."""

ALIGNMENT_BYTES = 64
"""Arrays begin at multiples of this, so that TensorFlow can look at them without a copy."""


class Buffers:
    """Arrays for the batches of one set of records; threads may share it."""

    def __init__(self):
        self._free: deque[memoryview] = deque(maxlen=MOST_FREE)

    def empty(self, shape: tuple[int, ...]) -> np.ndarray:
        """An uint8 array of this shape, holding anything.

        Its memory is used again only once this array and all views of it are gone.
        """
        size = math.prod(shape)
        memory = self._take(size)
        # Not an array of the memory's own: numpy has views refer to the first array that does not
        # lie on another array, and that must be the one which is watched.
        watched = np.frombuffer(memory, np.uint8)
        weakref.finalize(watched, self._free.append, memory).atexit = False
        return watched[:size].reshape(shape)

    def _take(self, size: int) -> memoryview:
        try:
            memory = self._free.pop()  # the one used last, which may still be in the cache
        except IndexError:
            memory = memoryview(b"")
        return memory if len(memory) >= size else _aligned(size)


def _aligned(size: int) -> memoryview:
    memory = np.empty(size + ALIGNMENT_BYTES, np.uint8)
    start = -memory.__array_interface__["data"][0] % ALIGNMENT_BYTES
    return memoryview(memory[start : start + max(size, 1)])
