"""The few videos of the lowest rank in a stream of batches."""

import heapq
from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

import numpy as np

Kept = TypeVar("Kept")


class Lowest(Generic[Kept]):
    """What is kept of the videos with the lowest rank; of equal ranks, those with the lower id.

    The result depends neither on the size nor on the order of the batches.
    """

    def __init__(self, most: int):
        self._most = most
        self._found: list[tuple[float, str, Kept]] = []

    def add(self, ranks: np.ndarray, ids: Sequence[str], keep: Callable[[int], Kept]) -> None:
        """Add a batch of B videos. ranks: float [B]; videos whose rank is NaN do not take part.

        keep: what to keep of a row of the batch; asked only for rows that may stay.
        """
        rows = np.flatnonzero(ranks <= self._bound).tolist()
        best = heapq.nsmallest(self._most, rows, lambda row: (ranks[row], ids[row]))
        new = [(float(ranks[row]), ids[row], keep(row)) for row in best]
        self.extend(new)

    def extend(self, entries: Iterable[tuple[float, str, Kept]]) -> None:
        """Add some of other videos: rank, id, and what is kept."""
        both = [*self._found, *entries]
        self._found = heapq.nsmallest(self._most, both, lambda each: each[:2])

    @property
    def entries(self) -> list[tuple[float, str, Kept]]:
        """Rank, id, and what is kept, the lowest rank first."""
        return self._found

    @property
    def found(self) -> list[Kept]:
        """What is kept so far, the lowest rank first."""
        return [kept for _, _, kept in self._found]

    @property
    def _bound(self) -> float:
        return self._found[-1][0] if len(self._found) == self._most else np.inf
