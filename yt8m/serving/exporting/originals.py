"""An extractor's values that become given bytes, to try graphs that take such values."""

from collections.abc import Mapping

import numpy as np

from yt8m.data.schema import Schema, split_features
from yt8m.projections.levels import LEVELS, Levels
from yt8m.projections.projection import Projection


class Originals:
    """Solves y = ((x - mean) @ vectors) / deviations for x, the shortest x - mean of many.

    y is put in the middle of what becomes a byte, so that rounding in another runtime does not
    make it the next one.
    """

    def __init__(self, projections: Mapping[str, Projection], schema: Schema):
        self._projections, self._schema = projections, schema
        self._inverses = {
            name: np.linalg.pinv(each.vectors.astype(np.float64))
            for name, each in projections.items()
            if each.vectors is not None
        }

    def values_of(self, frames: np.ndarray) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """uint8 [B, T, F] -> the bytes that the values become, and the values by feature.

        The bytes are equal to `frames`, unless a projection cannot make these. Values: float32
        [B, T, R].
        """
        bytes, values = [], {}
        for name, part in split_features(frames, self._schema).items():
            rows = part.reshape(-1, part.shape[-1])
            found = self._solved(name, rows)
            made = self._projections[name].to_bytes(found)
            bytes.append(made.reshape(part.shape))
            values[name] = found.reshape(*part.shape[:2], -1)
        return np.concatenate(bytes, axis=-1), values

    def _solved(self, name: str, bytes: np.ndarray) -> np.ndarray:
        """uint8 [N, F] -> float32 [N, R]."""
        projection = self._projections[name]
        values = _middles(bytes, projection.levels)
        if projection.deviations is not None:
            values *= projection.deviations
        if name in self._inverses:
            values = values @ self._inverses[name]
        if projection.mean is not None:
            values += projection.mean
        return values.astype(np.float32)


def _middles(bytes: np.ndarray, levels: Levels) -> np.ndarray:
    """uint8 -> the values, float64, in the middle of those that become each byte."""
    middle = 0.5 if levels.rounding == "floor" else 0.0
    return levels.low + (bytes + middle) * (levels.high - levels.low) / (LEVELS - 1)
