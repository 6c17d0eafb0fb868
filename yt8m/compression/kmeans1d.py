"""Deterministic one-dimensional k-means: optimal, or close to it.

Values are merged into at most about 2**19 weighted points, and points into a few thousand atoms.
The best clusters of whole coarse atoms are found exactly, then refined on other atoms, which are
finer if there are many clusters; from there Lloyd's iteration continues on the points. If there are
no more distinct values than coarse atoms, the first step finds the optimum.
"""

import numpy as np

from yt8m.compression.clusters import best_starts, better_starts
from yt8m.compression.points import Points, points_of

POINTS = 2**19

COARSE = 8
"""Atoms per cluster in the exact search."""

FINE = 32
"""Atoms per cluster in the refinement, and how many of them a boundary may move at a time."""

FEWEST_ATOMS = 2**10
"""Atoms of the exact search at least, however few the clusters."""

ITERATIONS = 1000
"""Most iterations of Lloyd's algorithm. It starts near convergence, and stops once converged."""


def kmeans(ordered: np.ndarray, clusters: int) -> np.ndarray:
    """Centres that minimise the sum of squared distances from each value to the nearest one.

    ordered: float32 [N], N > 0, ascending. Returns float32 ascending [clusters], or all distinct
    values if there are no more than that.
    """
    if np.count_nonzero(ordered[1:] != ordered[:-1]) < clusters:
        return np.unique(ordered)
    points = points_of(ordered, POINTS)
    median = float(ordered[len(ordered) // 2])
    coarse = points.starts(max(FEWEST_ATOMS, COARSE * clusters))
    starts = coarse[best_starts(points.sums.at(np.append(coarse, len(points))), clusters)]
    if len(coarse) < len(points):
        atoms = np.union1d(points.starts(FINE * clusters), starts)
        sums = points.sums.at(np.append(atoms, len(points)))
        starts = atoms[better_starts(sums, np.searchsorted(atoms, starts), FINE)]
    return (_converged(points, starts) + median).astype(np.float32)


def _converged(points: Points, starts: np.ndarray) -> np.ndarray:
    """Lloyd's iteration until no point changes its cluster. Returns the means, float64."""
    means = np.zeros(len(starts))
    for _ in range(ITERATIONS):
        ends = np.append(starts, len(points))
        weights, moments, _ = (np.diff(each) for each in points.sums.at(ends))
        means = np.divide(moments, weights, out=means, where=weights > 0)
        inner = np.searchsorted(points.positions, (means[1:] + means[:-1]) / 2)
        if np.array_equal(inner, starts[1:]):
            break
        starts = np.append(0, inner)
    return means
