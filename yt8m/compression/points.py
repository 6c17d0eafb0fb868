"""Sorted values reduced to weighted points, dense where clusters will be small."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np


class Sums(NamedTuple):
    """Prefix sums over N items on a line; the sum over a range is the difference of its ends.

    weights, firsts, seconds: float64 [N + 1], of weight, weight * position, weight * position**2.
    """

    weights: np.ndarray
    firsts: np.ndarray
    seconds: np.ndarray

    def at(self, ends: np.ndarray) -> "Sums":
        """The sums over merged items, which begin and end at `ends`."""
        return Sums(*(each[ends] for each in self))


@dataclass(frozen=True)
class Points:
    """Weighted points on a line.

    positions: float64 [P], ascending. weights: float64 [P], above 0.
    """

    positions: np.ndarray
    weights: np.ndarray

    def __len__(self) -> int:
        return len(self.positions)

    @cached_property
    def sums(self) -> Sums:
        """Prefix sums over the points.

        Summed from the median outwards, so that outliers do not cost the bulk precision.
        """
        firsts = self.weights * self.positions
        terms = (self.weights, firsts, firsts * self.positions)
        return Sums(*(_from_the_middle(each) for each in terms))

    def starts(self, parts: int) -> np.ndarray:
        """Starts of about `parts` runs of points, ascending from 0; every point if there are fewer.

        Each run holds an equal share of the sum of weight**(1/3) * gap**(2/3): the optimal density
        of many cells is proportional to the values' density**(1/3) (Panter & Dite 1951,
        "Quantization distortion in pulse-count modulation with nonuniform spacing of levels").
        """
        if len(self) <= parts:
            return np.arange(len(self))
        return fair_starts(self._shares, parts)

    @cached_property
    def _shares(self) -> np.ndarray:
        weights = (self.weights[1:] + self.weights[:-1]) / 2
        return np.cbrt(weights * np.square(np.diff(self.positions)))


def _from_the_middle(terms: np.ndarray) -> np.ndarray:
    middle = len(terms) // 2
    sums = np.zeros(len(terms) + 1)
    sums[middle + 1 :] = np.cumsum(terms[middle:])
    sums[:middle] = -np.cumsum(terms[:middle][::-1])[::-1]
    return sums


def points_of(ordered: np.ndarray, most: int) -> Points:
    """The distinct values with their counts or, if there are more than `most`, about `most` means.

    ordered: float32 [N], ascending. Positions are relative to the median. Each mean is over the
    same number of neighbours, except in the widest groups, where every value becomes a point.
    """
    changes = ordered[1:] != ordered[:-1]
    if np.count_nonzero(changes) < most:
        starts = np.concatenate([[0], 1 + np.flatnonzero(changes)])
    else:
        starts = _group_starts(ordered, most)
    counts = np.diff(starts, append=len(ordered)).astype(np.float64)
    means = np.add.reduceat(ordered, starts, dtype=np.float64) / counts
    return Points(means - float(ordered[len(ordered) // 2]), counts)


def _group_starts(ordered: np.ndarray, most: int) -> np.ndarray:
    """Half of the points are groups, the other half are the values of the widest groups."""
    size = -(-2 * len(ordered) // most)
    firsts = np.arange(0, len(ordered), size)
    lasts = np.minimum(firsts + size, len(ordered)) - 1
    spans = ordered[lasts].astype(np.float64) - ordered[firsts]
    split = most // 2 // size
    starts = np.zeros((len(firsts), size), bool)
    starts[:, 0] = True
    starts[np.argpartition(spans, -split)[-split:]] = True
    return np.flatnonzero(starts.ravel()[: len(ordered)])


def fair_starts(shares: np.ndarray, parts: int) -> np.ndarray:
    """Starts of about `parts` runs of N items with equal sums of shares, ascending from 0.

    shares: [N - 1], the share between each item and the next, 0 or more. A share as large as a
    whole run's always separates two runs, and counts as no more than that, so that an outlier
    leaves cuts for the others.
    """
    step = np.inf
    for _ in range(50):
        fair = np.minimum(shares, step).sum() / parts
        if fair > 0.99 * step:
            break
        step = fair
    steps = np.diff(np.floor(np.cumsum(np.minimum(shares, step)) / step), prepend=0.0)
    return np.append(0, 1 + np.flatnonzero((steps > 0) | (shares >= step)))
