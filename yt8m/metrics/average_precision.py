"""Average precision, not interpolated: the sum of the precision at each hit over all positives.

    AP = 1 / positives * sum over hits i of (hits among the first i entries) / i

Abu-El-Haija et al., "YouTube-8M: A Large-Scale Video Classification Benchmark", 2016, section 5.1;
the positives include those that were never retrieved.
"""

from collections.abc import Iterable

import numpy as np

from yt8m.metrics.ranking import descending_bits


def average_precision(probabilities: np.ndarray, hits: np.ndarray, positives: int) -> float:
    """Average precision of one list of entries, in any order.

    probabilities: float32 [n]. hits: bool [n]. positives: the number of possible hits; 0 gives 0.
    Among entries of equal probability, the misses rank first.
    """
    if positives == 0:
        return 0.0
    order = np.lexsort((hits, descending_bits(probabilities)))
    return float(precision_sums([hits[order]], np.array([0, len(hits)]))[0] / positives)


def precision_sums(blocks: Iterable[np.ndarray], starts: np.ndarray) -> np.ndarray:
    """For each of G concatenated lists: the sum over its hits of the precision at the hit.

    blocks: bool [n_b] each, together all entries; in each list, the highest probability first.
    starts: int64 [G + 1], where each list begins, and where the last one ends.
    Returns float64 [G].
    """
    sums = np.zeros(len(starts) - 1)
    hits_before = np.zeros(len(starts) - 1, np.int64)  # hits ahead of each list
    position = seen = 0
    for hits in blocks:
        found = seen + np.cumsum(hits, dtype=np.int64)
        opening = slice(*np.searchsorted(starts[:-1], (position, position + len(hits))))
        first = starts[:-1][opening] - position
        hits_before[opening] = found[first] - hits[first]

        at = np.flatnonzero(hits)
        of = np.searchsorted(starts, position + at, side="right") - 1  # the list of each hit
        rank = position + at - starts[of] + 1
        precision = (found[at] - hits_before[of]) / rank
        sums += np.bincount(of, weights=precision, minlength=len(sums))
        position += len(hits)
        seen = int(found[-1]) if len(found) else seen
    return sums
