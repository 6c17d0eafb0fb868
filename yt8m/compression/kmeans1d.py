"""k-means of values on a line, deterministic: near the optimum, or at it.

Values become at most 2**20 weighted points, points at most 2**13 atoms. The best clusters of whole
atoms are found exactly; from there Lloyd's iteration goes on with points. Where there are no more
different values than atoms, the first step finds the optimum.
"""

import numpy as np

from yt8m.compression.clusters import best_starts
from yt8m.compression.points import Points, points_of

POINTS = 2**20
ATOMS = 2**13

FEWEST_ATOMS = 2**10
"""However few the values are; see `atoms_for`."""

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
    atoms = np.append(points.starts(atoms_for(len(ordered), clusters)), len(points.positions))
    sums = (points.weight_sums, points.first_moments, points.second_moments)
    starts = best_starts(*(each[atoms] for each in sums), clusters)
    return (_settled(points, atoms[starts]) + median).astype(np.float32)


def atoms_for(values: int, clusters: int) -> int:
    """How many atoms: fewer for few values, of which there are many groups to be clustered."""
    return min(ATOMS, max(FEWEST_ATOMS, 16 * clusters, values // 4))


def _settled(points: Points, starts: np.ndarray) -> np.ndarray:
    """Lloyd's iteration until no point changes its cluster. Returns the means, float64."""
    means = np.zeros(len(starts))
    for _ in range(ITERATIONS):
        ends = np.append(starts, len(points.positions))
        weights, moments = np.diff(points.weight_sums[ends]), np.diff(points.first_moments[ends])
        means = np.divide(moments, weights, out=means, where=weights > 0)
        inner = np.searchsorted(points.positions, (means[1:] + means[:-1]) / 2)
        if np.array_equal(inner, starts[1:]):
            break
        starts = np.append(0, inner)
    return means
