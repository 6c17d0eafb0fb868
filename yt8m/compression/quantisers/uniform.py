"""Equidistant levels between the smallest and the largest value."""

import numpy as np

from yt8m.compression.storages.codebook import CodebookQuantiser
from yt8m.strict import settings


@settings
class Recipe(CodebookQuantiser):
    """Uniform quantisation: the error is at most half a step, (max - min) / 2 / (2**bits - 1)."""

    def centres(self, values: np.ndarray) -> np.ndarray:
        """values: float32 [N]. Returns float32 [levels]; all equal when the values are."""
        # Computed in float64 and rounded once at the end, so both ends are exact and steps do not
        # drift.
        low, high = float(values.min()), float(values.max())
        return np.linspace(low, high, self.levels, dtype=np.float64).astype(np.float32)
