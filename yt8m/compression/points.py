"""Sorted values as fewer weighted points, dense where clusters will be small."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

CHUNK = 2**20
"""Values handled in one go."""


@dataclass(frozen=True)
class Points:
    """Weighted points on a line.

    positions: float64 [P], ascending. weights: float64 [P], above 0.

    Sums are [P + 1] and differ between two ends by the sum over the points between them. They count
    from the median outwards, so that outliers take no digits from the many values in the middle.
    """

    positions: np.ndarray
    weights: np.ndarray

    @cached_property
    def weight_sums(self) -> np.ndarray:
        """Of the weights."""
        return self._sums(self.weights)

    @cached_property
    def first_moments(self) -> np.ndarray:
        """Of weights * positions."""
        return self._sums(self.weights * self.positions)

    @cached_property
    def second_moments(self) -> np.ndarray:
        """Of weights * positions**2."""
        return self._sums(self.weights * np.square(self.positions))

    def _sums(self, terms: np.ndarray) -> np.ndarray:
        middle = len(terms) // 2
        sums = np.zeros(len(terms) + 1)
        sums[middle + 1 :] = np.cumsum(terms[middle:])
        sums[:middle] = -np.cumsum(terms[:middle][::-1])[::-1]
        return sums

    def starts(self, parts: int) -> np.ndarray:
        """Where to cut the points into about `parts` runs, ascending from 0; every one if so few.

        Each holds an equal share of the sum of weight**(1/3) * gap**(2/3): the best many cells have
        a density of the values' density**(1/3) (Panter & Dite 1951, "Quantization distortion in
        pulse-count modulation with nonuniform spacing of levels").
        """
        if len(self.positions) <= parts:
            return np.arange(len(self.positions))
        weights = (self.weights[1:] + self.weights[:-1]) / 2
        return fair_starts(np.cbrt(weights * np.square(np.diff(self.positions))), parts)


def points_of(ordered: np.ndarray, most: int) -> Points:
    """The different values and their counts, or, where these are more, about `most` means.

    ordered: float32 [N], ascending. Positions are relative to the median. Means are of runs as
    `Points.starts` cuts them.
    """
    changes = ordered[1:] != ordered[:-1]
    if np.count_nonzero(changes) < most:
        starts = np.concatenate([[0], 1 + np.flatnonzero(changes)])
    else:
        starts = fair_starts(_shares(ordered), most)
    counts = np.diff(starts, append=len(ordered)).astype(np.float64)
    means = np.add.reduceat(ordered, starts, dtype=np.float64) / counts
    return Points(means - float(ordered[len(ordered) // 2]), counts)


def fair_starts(shares: np.ndarray, parts: int) -> np.ndarray:
    """Cuts of a row of items into about `parts` runs with equal sums of shares.

    shares: [N - 1], what lies between an item and the next, 0 or more. Where it alone is a run's
    share or more there is a cut, and it counts for no more than that: an outlier leaves cuts for
    the others. Returns starts of runs, ascending from 0.
    """
    step = np.inf
    for _ in range(50):
        sums = (np.minimum(piece, step).sum(dtype=np.float64) for _, piece in _chunks(shares))
        fair = sum(sums) / parts
        if fair > 0.99 * step:
            break
        step = fair
    starts, before = [np.zeros(1, np.intp)], 0.0
    for place, piece in _chunks(shares):
        sums = before + np.cumsum(np.minimum(piece, step), dtype=np.float64)
        steps = np.diff(np.floor(sums / step), prepend=np.floor(before / step))
        starts.append(place + 1 + np.flatnonzero((steps > 0) | (piece >= step)))
        before = sums[-1]
    return np.concatenate(starts)


def _shares(ordered: np.ndarray) -> np.ndarray:
    """gap**(2/3) between each value and the next, float32 [N - 1]."""
    shares = np.empty(len(ordered) - 1, np.float32)
    for place, piece in _chunks(ordered[:-1]):
        ends = ordered[place + 1 : place + 1 + len(piece)]
        gaps = ends.astype(np.float64) - piece
        shares[place : place + len(piece)] = np.cbrt(np.square(gaps))
    return shares


def _chunks(array: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    for start in range(0, len(array), CHUNK):
        yield start, array[start : start + CHUNK]
