"""k-means of values on a line, deterministic: near the optimum, or at it.

Values become at most some 2**19 weighted points, and points a few thousand atoms. The best clusters
of whole coarse atoms are found exactly, then better ones near them with other atoms, finer where
clusters are many; from there Lloyd's iteration goes on with points. Where there are no more
different values than coarse atoms, the first step finds the optimum.
"""

import numpy as np

from yt8m.compression.clusters import best_starts, better_starts
from yt8m.compression.points import Points, points_of

POINTS = 2**19

COARSE = 8
"""Atoms for each cluster, among which the best clusters are searched."""

FINE = 32
"""Atoms for each cluster, among which better ones are looked for: as far as a cluster is wide."""

FEWEST_ATOMS = 2**10
"""However few the clusters are."""

ITERATIONS = 1000
"""Of Lloyd's algorithm at most. It is near its end from the start, and stops where it is."""


def kmeans(ordered: np.ndarray, clusters: int) -> np.ndarray:
    """Centres with the least sum of squared distances from each value to the nearest one.

    ordered: float32 [N], N > 0, ascending. Returns float32 ascending [clusters], or all different
    values where these are no more than that.
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
    return (_settled(points, starts) + median).astype(np.float32)


def _settled(points: Points, starts: np.ndarray) -> np.ndarray:
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
