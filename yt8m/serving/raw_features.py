"""An extractor's values to bytes inside a graph, as `yt8m.projections` does before records.

The arithmetic is the same, in float32 and in the same order, so bytes are equal but for values
within rounding of the edge of a level: the sums of matrix products are added in another order.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import tensorflow as tf

from yt8m.projections.levels import LEVELS, Levels
from yt8m.projections.projection import Projection

Arrays = Callable[[str], tf.Tensor]
"""`<feature>/<array>` -> that array of the feature's projection."""


def arrays_of(projections: Mapping[str, Projection]) -> dict[str, np.ndarray]:
    """The arrays of all projections by name, float32; they are saved in the graph."""
    return {
        f"{feature}/{name}": array
        for feature, projection in projections.items()
        for name, array in projection.arrays().items()
    }


def raw_bytes(projections: Mapping[str, Projection]) -> int:
    """Bytes of these arrays."""
    return sum(array.nbytes for array in arrays_of(projections).values())


def to_bytes(
    features: Sequence[tf.Tensor], projections: Mapping[str, Projection], arrays: Arrays
) -> tuple[tf.Tensor, tf.Tensor]:
    """The frames of records, and which of them are finite.

    features: float32 [B, T, R] of each projection, in order. Returns uint8 [B, T, F] (0 in frames
    that are not finite) and bool [B, T].
    """
    frames, finite = [], tf.constant(True)
    for values, (name, projection) in zip(features, projections.items(), strict=True):
        projected = _projected(values, name, projection, arrays)
        is_finite = tf.reduce_all(tf.math.is_finite(projected), axis=2)
        frames.append(_quantised(tf.where(is_finite[:, :, None], projected, 0), projection.levels))
        finite = tf.logical_and(finite, is_finite)
    return tf.concat(frames, axis=2), finite


def _projected(values: tf.Tensor, name: str, projection: Projection, arrays: Arrays) -> tf.Tensor:
    """`Projection.apply`: float32 [B, T, R] -> [B, T, F]."""
    if projection.mean is not None:
        values -= arrays(f"{name}/mean")
    if projection.vectors is not None:
        values = tf.tensordot(values, arrays(f"{name}/vectors"), 1)
    if projection.deviations is not None:
        values /= arrays(f"{name}/deviations")
    return values


def _quantised(values: tf.Tensor, levels: Levels) -> tf.Tensor:
    """`Levels.to_bytes`: finite float32, any shape -> uint8."""
    scaled = tf.clip_by_value(values, levels.low, levels.high) - levels.low
    scaled *= np.float32((LEVELS - 1) / (levels.high - levels.low))
    if levels.rounding == "nearest":
        scaled = tf.round(scaled)  # as np.rint, halves to even
    return tf.cast(tf.clip_by_value(scaled, 0, LEVELS - 1), tf.uint8)
