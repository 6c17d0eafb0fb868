"""Codebooks by one-dimensional algorithms: exact by `kmeans1d`, and Lloyd's on sorted values."""

import numpy as np

ITERATIONS = 1000

CELLS = 2048
"""Quantiles from which the density is estimated."""


def exact(values: np.ndarray, clusters: int) -> np.ndarray:
    """The best centres (Wu 1991, Grønlund et al. 2017): float64 ascending [clusters]."""
    import kmeans1d

    return np.sort(kmeans1d.cluster(values, clusters).centroids)


def lloyd_of_sorted(values: np.ndarray, clusters: int) -> np.ndarray:
    """Lloyd's algorithm on sorted values, to convergence: float64 ascending [clusters].

    A cluster is a range of the values, whose sum is a difference of two running sums. The density
    of clusters starts as the cube root of that of the values (Panter & Dite 1951), from quantiles.
    """
    ordered = np.sort(values)
    sums = np.append(0, ordered.cumsum(dtype=np.float64))
    cells = np.linspace(0, len(ordered) - 1, CELLS + 1).astype(int)
    wanted = np.append(0, np.cumsum(np.diff(ordered[cells].astype(np.float64)) ** (2 / 3)))
    ends = np.interp(np.linspace(0, wanted[-1], clusters + 1), wanted, cells).astype(int)
    ends[-1] = len(ordered)
    means = np.zeros(clusters)
    for _ in range(ITERATIONS):
        sizes = np.diff(ends)
        means = np.divide(np.diff(sums[ends]), sizes, out=means, where=sizes > 0)
        inner = np.searchsorted(ordered, ((means[1:] + means[:-1]) / 2).astype(np.float32))
        if np.array_equal(inner, ends[1:-1]):
            break
        ends[1:-1] = inner
    return means
