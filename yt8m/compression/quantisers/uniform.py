"""256 equidistant levels between the smallest and the largest value of a variable."""

from dataclasses import dataclass

import numpy as np

from yt8m.compression.storages.codebook import CodebookQuantiser

LEVELS = 256


@dataclass(frozen=True)
class Recipe(CodebookQuantiser):
    """Uniform quantisation: the error is at most half a step, (max - min) / 510."""

    def centres(self, values: np.ndarray) -> np.ndarray:
        """values: float32 [N]. Returns float32 [256]; all equal when the values are."""
        # In float64: rounded once, at the end, both ends are exact and no step drifts.
        low, high = float(values.min()), float(values.max())
        return np.linspace(low, high, LEVELS, dtype=np.float64).astype(np.float32)
