"""What TensorFlow's allocator has in use for the arrays that it is asked for.

Its "best fit with coalescing" takes memory from the device in regions, each twice as large as the
one before, and hands out pieces of them. A free piece that is a little too large is handed out
whole: up to twice, or 128 MB more than was asked for. In training steps that makes up to a third.
The constants are those of `bfc_allocator.cc`.
"""

from bisect import bisect_left, insort

UNIT = 256
FIRST_REGION = 2**21
MOST_WASTE = 2**27

Place = tuple[int, int]
"""Number of the region, and where in it a piece begins, in bytes."""


class Allocator:
    """Its bookkeeping without its memory. in_use: bytes of all pieces now. peak: at the worst."""

    def __init__(self):
        self.in_use = self.peak = 0
        self._regions, self._next_region = 0, FIRST_REGION
        self._free: list[tuple[int, int, int]] = []  # size, region and start, in this order
        self._taken: dict[Place, int] = {}

    def allocate(self, size_bytes: int) -> Place:
        """The smallest free piece that is large enough; what is much too large is split."""
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
        """Give a piece back; it becomes one with free neighbours."""
        region, start = place
        size = self._taken.pop(place)
        self.in_use -= size
        for piece in [p for p in self._free if p[1] == region]:
            if piece[2] + piece[0] == start or start + size == piece[2]:
                self._free.remove(piece)
                start, size = min(start, piece[2]), size + piece[0]
        insort(self._free, (size, region, start))

    def _extend(self, size: int) -> None:
        """A new region for a piece of this size; the next one will be twice as large."""
        while self._next_region < size:
            self._next_region *= 2
        insort(self._free, (self._next_region, self._regions, 0))
        self._regions += 1
        self._next_region *= 2
