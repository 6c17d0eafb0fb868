"""Levels at quantiles, with equally many values between neighbours."""

import numpy as np

from yt8m.compression.storages.codebook import CodebookQuantiser
from yt8m.strict import settings


@settings
class Recipe(CodebookQuantiser):
    """Quantiles: levels are dense where values are frequent, and sparse where they are rare.

    The levels are quantiles of the values at equidistant probabilities from 0 to 1, with linear
    interpolation (Hyndman & Fan 1996, definition 7). If there are no more distinct values than
    levels, the levels are these values, without loss.
    """

    def centres(self, values: np.ndarray) -> np.ndarray:
        """values: float32 [N]. Returns float32 [<= levels]."""
        ordered = np.sort(values)
        if np.count_nonzero(ordered[1:] != ordered[:-1]) < self.levels:
            return np.unique(ordered)
        return quantiles(ordered, self.levels)


def quantiles(ordered: np.ndarray, levels: int) -> np.ndarray:
    """Bit-identical to np.quantile at `levels` equidistant probabilities, without float64 copies.

    ordered: float32 [N], ascending. Returns float32 [levels].
    """
    places = np.linspace(0, 1, levels) * (len(ordered) - 1)
    below = np.floor(places).astype(np.intp)
    low = ordered[below].astype(np.float64)
    high = ordered[np.minimum(below + 1, len(ordered) - 1)].astype(np.float64)
    share = places - below
    # Interpolated from the nearer end, as numpy does, so the result stays inside the interval.
    step = high - low
    return np.where(share < 0.5, low + step * share, high - step * (1 - share)).astype(np.float32)
