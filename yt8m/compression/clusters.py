"""The best clusters on a line, exactly: dynamic programming over the layers of a cost matrix.

The cost of the first i items in k clusters is the least, over j, of that of the first j in k - 1
and the cost of the items from j to i as one. The best j never falls when i grows (Wu 1991, "Optimal
quantization by matrix searching"; Grønlund et al. 2017, "Fast exact k-means, k-medians and Bregman
divergence clustering in 1D"), nor when k grows: so a few j are tried for each i, and in numpy many
i at once.
"""

from itertools import pairwise

import numpy as np

from yt8m.compression.points import Sums


def best_starts(sums: Sums, clusters: int) -> np.ndarray:
    """Where the clusters start whose sum of weighted squared distances to their means is least.

    sums: over N items in ascending order, weights above 0. clusters: 1 to N.
    Returns ascending [clusters], from 0.
    """
    weights, firsts, seconds = sums
    width = len(weights) - clusters  # ways to leave something for the other clusters
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
    """Starts near the given ones, none of which can be moved by `reach` items to lower the cost.

    Not even all of them at once: each pass finds the best of all ways to move each by at most
    `reach`. sums: over N items in ascending order, weights above 0. starts: ascending [K], from 0.
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
    """One of the places of each row, [K - 1, W], so that the clusters between them cost least."""
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


def _first_step(width: int, k: int) -> int:
    """Distance of the rows that are done first, a power of two.

    The last of k clusters mostly starts among the last width / k columns of a row: some 2 k rows
    have few enough costs to compute them all, and spare the rounds before.
    """
    return 1 << (max(1, width // (2 * k)) - 1).bit_length()


def _row_minima(layer: _Layer, lowest: np.ndarray, step: int) -> tuple[np.ndarray, np.ndarray]:
    """The least cost of each row, and the first column that has it.

    lowest: no column before it. step: of the rows that are done first; then those in the middle
    between them, and so on, each between the columns of its neighbours.
    """
    width = len(lowest)
    least = np.empty(width)
    best = np.full(width + 2 * step + 1, width, np.int32)  # of row r at r + 1; ends around it
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
