"""Levels between which lie equally many values."""

import numpy as np

from yt8m.compression.storages.codebook import CodebookQuantiser
from yt8m.strict import settings


@settings
class Recipe(CodebookQuantiser):
    """Quantiles: fine where values are many, coarse where they are rare.

    The levels are quantiles of the values at equidistant shares from 0 to 1, linear between two
    values (Hyndman & Fan 1996, definition 7). Where there are no more different values than
    levels, these are the levels: none is lost.
    """

    def centres(self, values: np.ndarray) -> np.ndarray:
        """values: float32 [N]. Returns float32 [<= levels]."""
        ordered = np.sort(values)
        if np.count_nonzero(ordered[1:] != ordered[:-1]) < self.levels:
            return np.unique(ordered)
        return quantiles(ordered, self.levels)


def quantiles(ordered: np.ndarray, levels: int) -> np.ndarray:
    """np.quantile at `levels` equidistant shares, to the bit, without float64 copies of all values.

    ordered: float32 [N], ascending. Returns float32 [levels].
    """
    places = np.linspace(0, 1, levels) * (len(ordered) - 1)
    below = np.floor(places).astype(np.intp)
    low = ordered[below].astype(np.float64)
    high = ordered[np.minimum(below + 1, len(ordered) - 1)].astype(np.float64)
    share = places - below
    # From the nearer end, as numpy does it: the result never leaves the interval.
    step = high - low
    return np.where(share < 0.5, low + step * share, high - step * (1 - share)).astype(np.float32)
