"""Optimal one-dimensional clusters by dynamic programming over the layers of a cost matrix.

The cost of the first i items in k clusters is the minimum over j of the cost of the first j items
in k - 1 clusters plus that of the items from j to i as one cluster. The best j never decreases as i
grows (Wu 1991, "Optimal quantization by matrix searching"; Grønlund et al. 2017, "Fast exact
k-means, k-medians and Bregman divergence clustering in 1D"), nor as k grows: so only a few j are
tried for each i, and numpy handles many i at once.
"""

from itertools import pairwise

import numpy as np

from yt8m.compression.points import Sums


def best_starts(sums: Sums, clusters: int) -> np.ndarray:
    """Starts of the clusters that minimise the weighted squared distances to their means.

    sums: over N items in ascending order, weights above 0. clusters: 1 to N.
    Returns ascending [clusters], from 0.
    """
    weights, firsts, seconds = sums
    width = len(weights) - clusters  # choices that leave an item for each other cluster
    # costs[r]: of the first k + r items in k clusters. splits[k][r]: their last cluster starts at
    # item k - 1 + splits[k][r], and splits[k][r] <= r.
    ends = slice(1, 1 + width)
    costs = seconds[ends] - seconds[0]
    costs = costs - np.square(firsts[ends] - firsts[0]) / (weights[ends] - weights[0])
    splits = np.zeros((clusters + 1, width), np.int32)
    for k in range(2, clusters + 1):
        starts, ends = slice(k - 1, k - 1 + width), slice(k, k + width)
        layer = _Layer(
            costs - seconds[starts], firsts[starts], weights[starts], firsts[ends], weights[ends]
        )
        lowest = np.append(splits[k - 1][1:], splits[k - 1][-1]) - 1
        costs, splits[k] = _row_minima(layer, np.maximum(lowest, 0), _first_step(width, k))
        costs = costs + seconds[ends]
    found = np.zeros(clusters, np.intp)
    end = len(weights) - 1
    for k in range(clusters, 1, -1):
        found[k - 1] = end = k - 1 + splits[k][end - k]
    return found


def better_starts(sums: Sums, starts: np.ndarray, reach: int) -> np.ndarray:
    """Improves starts until moving each by at most `reach` items cannot lower the cost.

    Starts move jointly: each pass finds the best combination of all moves by at most `reach`.
    sums: over N items in ascending order, weights above 0. starts: ascending [K], from 0.
    Returns ascending [K], from 0.
    """
    end = len(sums.weights) - 1
    offsets = np.arange(-reach, reach + 1)
    while True:
        places = np.clip(starts[1:, None] + offsets, 1, end - 1)
        moved = np.append(0, _best_path(sums, places))
        if np.array_equal(moved, starts):
            return starts
        starts = moved


def _best_path(sums: Sums, places: np.ndarray) -> np.ndarray:
    """One of the places of each row, [K - 1, W], that minimise the cost of the clusters between."""
    ends = sums.at([0]), *(sums.at(row) for row in places), sums.at([len(sums.weights) - 1])
    costs, choices = np.zeros(1), []
    with np.errstate(divide="ignore", invalid="ignore"):
        for start, end in pairwise(ends):
            weights = end.weights[:, None] - start.weights
            shares = np.square(end.firsts[:, None] - start.firsts) / weights
            totals = np.where(weights > 0, (costs - start.seconds) - shares, np.inf)
            choices.append(totals.argmin(axis=1))
            costs = totals[np.arange(len(totals)), choices[-1]] + end.seconds
    chosen, place = [], 0
    for row, choice in zip(places[::-1], choices[:0:-1], strict=True):
        place = choice[place]
        chosen.append(row[place])
    return np.array(chosen[::-1], np.intp)


class _Layer:
    """Costs by row r, where the last cluster ends, and column c <= r, where it starts.

    The second moment is left out, since all columns of a row have it in common.
    """

    def __init__(self, before, first_starts, weight_starts, first_ends, weight_ends):
        self.columns = before, first_starts, weight_starts
        self.rows = first_ends, weight_ends

    def __call__(self, rows: np.ndarray, lengths: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """Costs at columns [T], `lengths` of them for each of `rows`."""
        first, weight = (np.repeat(ends[rows], lengths) for ends in self.rows)
        before, first_start, weight_start = (starts[columns] for starts in self.columns)
        first -= first_start
        weight -= weight_start
        first *= first
        first /= weight
        return before - first


def _first_step(width: int, k: int) -> int:
    """Distance between the rows that are solved first, a power of two.

    The last of k clusters mostly starts among the last width / k columns of a row. For about 2 k
    rows all costs can be computed directly, which saves the first rounds of halving.
    """
    return 1 << (max(1, width // (2 * k)) - 1).bit_length()


def _row_minima(layer: _Layer, lowest: np.ndarray, step: int) -> tuple[np.ndarray, np.ndarray]:
    """The minimum cost of each row, and the first column that has it.

    lowest: first column to consider. step: distance between the rows that are solved first; then
    come the rows halfway between them, and so on, each within the columns of its neighbours.
    """
    width = len(lowest)
    least = np.empty(width)
    best = np.full(width + 2 * step + 1, width, np.int32)  # row r is at r + 1, with sentinels
    best[0] = 0
    numbers = np.arange(step, width + 1, step)
    high = numbers - 1
    low = np.minimum(lowest[high], high)
    while True:
        rows = numbers - 1
        lengths = high - low + 1
        ends = np.cumsum(lengths)
        starts = ends - lengths
        columns = np.arange(ends[-1]) + np.repeat(low - starts, lengths)
        costs = layer(rows, lengths, columns)
        least[rows] = np.minimum.reduceat(costs, starts)
        equal = np.flatnonzero(costs == np.repeat(least[rows], lengths))
        best[numbers] = columns[equal[np.searchsorted(equal, starts)]]
        if step == 1:
            return least, best[1 : width + 1]
        step //= 2
        numbers = np.arange(step, width + 1, 2 * step)
        high = np.minimum(best[numbers + step], numbers - 1)
        low = np.minimum(np.maximum(best[numbers - step], lowest[numbers - 1]), high)
