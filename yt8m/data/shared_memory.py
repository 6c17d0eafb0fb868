"""Arrays that one process writes and another reads, without a copy.

They lie in regions of an anonymous file (Linux's memfd), which disappears with the last process
that has it. Sizes of regions are powers of two, so that a region fits most later arrays; only pages
that were written take memory.
"""

import math
import mmap
import os
import weakref
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

SMALLEST_BYTES = 1 << 16

MOST_WARM = 2
"""Free regions of one size that keep their memory, which takes long to get again."""


def is_available() -> bool:
    """Whether this system has such files."""
    return hasattr(os, "memfd_create")


def shared_file() -> int:
    """A new file, as a descriptor."""
    return os.memfd_create("yt8m", os.MFD_CLOEXEC)


@dataclass(frozen=True)
class Place:
    """Where an array lies: the offset and size in bytes of its region, its shape and dtype."""

    offset: int
    size: int
    shape: tuple[int, ...]
    dtype: str


class Writer:
    """The side that writes; it alone lets the file grow."""

    def __init__(self, file: int):
        self._file = file
        self._end = 0
        self._regions: dict[int, mmap.mmap] = {}  # by offset
        self._warm: dict[int, list[int]] = defaultdict(list)  # free regions with their memory
        self._cold: dict[int, list[int]] = defaultdict(list)  # further ones, without memory
        self._taken: dict[int, int] = {}  # offset by address of an array that is not placed yet

    def empty(self, shape: tuple[int, ...]) -> np.ndarray:
        """An uninitialised uint8 array of this shape, in a region of its own."""
        size = max(SMALLEST_BYTES, 1 << (math.prod(shape) - 1).bit_length())
        offset = self._region(size)
        array = np.frombuffer(self._regions[offset], np.uint8, math.prod(shape)).reshape(shape)
        self._taken[_address(array)] = offset
        return array

    def places(self, arrays: Mapping[str, np.ndarray]) -> dict[str, Place]:
        """Where arrays lie, by name, for the reader.

        Arrays that `empty` returned stay where they are, others are copied; regions that it
        returned for anything else are free again.
        """
        found = {name: self._place(array) for name, array in arrays.items()}
        self.free(self._taken.values())
        self._taken.clear()
        return found

    def _place(self, array: np.ndarray) -> Place:
        if not (array.flags.c_contiguous and _address(array) in self._taken):
            copy = self.empty((array.nbytes,)).view(array.dtype).reshape(array.shape)
            copy[...] = array
            array = copy
        offset = self._taken.pop(_address(array))
        return Place(offset, len(self._regions[offset]), array.shape, array.dtype.str)

    def free(self, offsets: Iterable[int]) -> None:
        """Regions that may be written again; beyond two of each size, they lose their memory."""
        for offset in offsets:
            region = self._regions[offset]
            kept = self._warm[len(region)]
            if len(kept) < MOST_WARM:
                kept.append(offset)
            else:
                region.madvise(mmap.MADV_REMOVE)
                self._cold[len(region)].append(offset)

    def _region(self, size: int) -> int:
        """Offset of a region to write to."""
        for free in self._warm[size], self._cold[size]:
            if free:
                return free.pop()
        return self._added(size)

    def _added(self, size: int) -> int:
        """Offset of a new region."""
        offset, self._end = self._end, self._end + size
        os.truncate(self._file, self._end)
        self._regions[offset] = mmap.mmap(self._file, size, offset=offset)
        return offset


class Reader:
    """The side that reads."""

    def __init__(self, file: int):
        self._file = file
        self._regions: dict[int, mmap.mmap] = {}
        self._freed: deque[int] = deque()

    def array(self, place: Place) -> np.ndarray:
        """The array at a place; its region is freed once this array and all views are gone."""
        if place.offset not in self._regions:
            self._regions[place.offset] = mmap.mmap(self._file, place.size, offset=place.offset)
        # From a memoryview, as in `Buffers`: the finalizer must watch what all views refer to.
        watched = np.frombuffer(memoryview(self._regions[place.offset]), np.uint8)
        weakref.finalize(watched, self._freed.append, place.offset).atexit = False
        dtype = np.dtype(place.dtype)
        return watched[: math.prod(place.shape) * dtype.itemsize].view(dtype).reshape(place.shape)

    def freed(self) -> list[int]:
        """Offsets of regions that were freed since the last call."""
        return [self._freed.popleft() for _ in range(len(self._freed))]


def _address(array: np.ndarray) -> int:
    return array.__array_interface__["data"][0]
