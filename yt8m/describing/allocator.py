"""A simulation of TensorFlow's allocator, to estimate how much memory it uses.

The "best fit with coalescing" allocator takes memory from the device in regions, each twice as
large as the one before, and returns chunks of them. A free chunk that is a little too large is
returned whole: up to twice as much, or 128 MB more, than requested. That is up to a third of a
training step's memory. The constants are those of `bfc_allocator.cc`.
"""

from bisect import bisect_left, insort

UNIT = 256
FIRST_REGION = 2**21
MOST_WASTE = 2**27

Place = tuple[int, int]
"""Index of the region, and the chunk's offset in it, in bytes."""


class Allocator:
    """The allocator's bookkeeping. in_use: bytes of all allocated chunks. peak: its maximum."""

    def __init__(self):
        self.in_use = self.peak = 0
        self._regions, self._next_region = 0, FIRST_REGION
        self._free: list[tuple[int, int, int]] = []  # size, region and start, in this order
        self._taken: dict[Place, int] = {}

    def allocate(self, size_bytes: int) -> Place:
        """Return the smallest free chunk that is large enough; split it if it is much too large."""
        size = -(-max(size_bytes, 1) // UNIT) * UNIT
        if not self._free or self._free[-1][0] < size:
            self._extend(size)
        found, region, start = self._free.pop(bisect_left(self._free, (size,)))
        if found >= 2 * size or found - size >= MOST_WASTE:
            insort(self._free, (found - size, region, start + size))
            found = size
        self._taken[region, start] = found
        self.in_use += found
        self.peak = max(self.peak, self.in_use)
        return region, start

    def free(self, place: Place) -> None:
        """Free a chunk, and merge it with free neighbours."""
        region, start = place
        size = self._taken.pop(place)
        self.in_use -= size
        for piece in [p for p in self._free if p[1] == region]:
            if piece[2] + piece[0] == start or start + size == piece[2]:
                self._free.remove(piece)
                start, size = min(start, piece[2]), size + piece[0]
        insort(self._free, (size, region, start))

    def _extend(self, size: int) -> None:
        """Add a region for a chunk of this size; the next one will be twice as large."""
        while self._next_region < size:
            self._next_region *= 2
        insort(self._free, (self._next_region, self._regions, 0))
        self._regions += 1
        self._next_region *= 2
