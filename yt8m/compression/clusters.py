"""The best clusters on a line, exactly: dynamic programming over the layers of a cost matrix.

The cost of the first i items in k clusters is the least, over j, of that of the first j in k - 1
and the cost of the items from j to i as one. The best j never falls when i grows (Wu 1991, "Optimal
quantization by matrix searching"; Grønlund et al. 2017, "Fast exact k-means, k-medians and Bregman
divergence clustering in 1D"), nor when k grows: so a few j are tried for each i, and in numpy many
i at once.
"""

import numpy as np


def best_starts(
    weights: np.ndarray, firsts: np.ndarray, seconds: np.ndarray, clusters: int
) -> np.ndarray:
    """Where the clusters start whose sum of weighted squared distances to their means is least.

    weights, firsts, seconds: float64 [N + 1], running sums of weight, weight * position and
    weight * position**2 over N items in ascending order, weights above 0. clusters: 1 to N.
    Returns ascending [clusters], from 0.
    """
    width = len(weights) - clusters  # ways to leave something for the other clusters
    # costs[r]: of the first k + r items in k clusters. splits[k][r]: their last cluster starts at
    # item k - 1 + splits[k][r], and splits[k][r] <= r.
    ends = slice(1, 1 + width)
    costs = seconds[ends] - seconds[0]
    costs = costs - np.square(firsts[ends] - firsts[0]) / (weights[ends] - weights[0])
    splits = np.zeros((clusters + 1, width), np.int32)
    levels = _levels(width)
    for k in range(2, clusters + 1):
        starts, ends = slice(k - 1, k - 1 + width), slice(k, k + width)
        layer = _Layer(
            costs - seconds[starts], firsts[starts], weights[starts], firsts[ends], weights[ends]
        )
        lowest = np.append(splits[k - 1][1:], splits[k - 1][-1]) - 1
        costs, splits[k] = _row_minima(layer, levels, np.maximum(lowest, 0))
        costs = costs + seconds[ends]
    found = np.zeros(clusters, np.intp)
    end = len(weights) - 1
    for k in range(clusters, 1, -1):
        found[k - 1] = end = k - 1 + splits[k][end - k]
    return found


class _Layer:
    """Costs of row r, where the last cluster ends, and column c <= r, where it starts.

    Without the second moment, which all columns of a row have in common.
    """

    def __init__(self, before, first_starts, weight_starts, first_ends, weight_ends):
        self.columns = before, first_starts, weight_starts
        self.rows = first_ends, weight_ends

    def __call__(self, rows: np.ndarray, lengths: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """Costs at columns [T], of which `lengths` belong to each of `rows`."""
        first, weight = (np.repeat(ends[rows], lengths) for ends in self.rows)
        before, first_start, weight_start = (starts[columns] for starts in self.columns)
        first -= first_start
        weight -= weight_start
        first *= first
        first /= weight
        return before - first


def _levels(width: int) -> list[tuple[np.ndarray, int]]:
    """Rows 1 .. width by halves: the middle one, those between it and the ends, and so on.

    Each level is (rows, step): the rows at a distance `step` on both sides came before.
    """
    step = 1 << (width.bit_length() - 1)
    found = []
    while step:
        found.append((np.arange(step, width + 1, 2 * step), step))
        step //= 2
    return found


def _row_minima(layer: _Layer, levels: list, lowest: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The least cost of each row, and the first column that has it. lowest: no column before it."""
    width = len(lowest)
    least = np.empty(width)
    best = np.full(2 << width.bit_length(), width, np.int32)  # of row r at r + 1; ends around it
    best[0] = 0
    for numbers, step in levels:
        rows = numbers - 1
        high = np.minimum(best[numbers + step], rows)
        low = np.minimum(np.maximum(best[numbers - step], lowest[rows]), high)
        lengths = high - low + 1
        ends = np.cumsum(lengths)
        starts = ends - lengths
        columns = np.arange(ends[-1]) + np.repeat(low - starts, lengths)
        costs = layer(rows, lengths, columns)
        least[rows] = np.minimum.reduceat(costs, starts)
        equal = np.flatnonzero(costs == np.repeat(least[rows], lengths))
        best[numbers] = columns[equal[np.searchsorted(equal, starts)]]
    return least, best[1 : width + 1]
