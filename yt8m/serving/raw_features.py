"""An extractor's values to bytes inside a graph, as `yt8m.projections` does before records.

The arithmetic is the same, in float32 and in the same order, so bytes are equal but for values
within rounding of the edge of a level: the sums of matrix products are added in another order.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import tensorflow as tf

from yt8m.data.schema import Schema
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


def raw_function(
    module: tf.Module, schema: Schema, projections: Mapping[str, Projection]
) -> Callable:
    """The extractors' values -> `predictions`, float32 [B, C], as from records made of them.

    It takes one input for each feature, of its name: float32 [B, T, R] with the same B and T; and
    `num_frames`, int32 [B]. Later frames are ignored. A graph cannot refuse a single video: one
    with a value that is not finite, also after projection, gets NaN for all classes.
    A feature that a video lacks is given as `Projection.neutral` in every frame, which becomes the
    bytes that records have in this case.

    module: of a graph, with `projections`, these arrays of the projections by name, and the
        functions for bytes and floats. projections: in the order of the schema's features.
    """

    def predict(*inputs):
        *features, num_frames = inputs
        frames, finite = to_bytes(features, projections, module.projections)
        mask = tf.sequence_mask(num_frames, tf.shape(frames)[1])
        if schema.layout == "frame":
            predictions = module.predict_bytes(frames, num_frames)
        else:
            mean = mean_frame(frames, mask, schema)
            predictions = module.predict_floats(mean, tf.ones_like(num_frames))
        usable = tf.reduce_all(tf.logical_or(finite, tf.logical_not(mask)), axis=1)
        return {"predictions": tf.where(usable[:, None], predictions, np.nan)}

    values = [
        tf.TensorSpec([None, None, projection.width], tf.float32, name)
        for name, projection in projections.items()
    ]
    signature = [*values, tf.TensorSpec([None], tf.int32, "num_frames")]
    return tf.function(predict, input_signature=signature, autograph=False)


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


def mean_frame(frames: tf.Tensor, mask: tf.Tensor, schema: Schema) -> tf.Tensor:
    """The mean of dequantised frames, as records of the video layout have it.

    frames: uint8 [B, T, F]; mask: bool [B, T], the frames that count. Returns float32 [B, 1, F].
    """
    step = np.concatenate([np.full(n, r.step, np.float32) for n, r in schema.sized_ranges])
    first = np.concatenate([np.full(n, r.first, np.float32) for n, r in schema.sized_ranges])
    counts = tf.cast(mask, tf.float32)[:, :, None]
    values = tf.cast(frames, tf.float32) * step + first
    total = tf.reduce_sum(values * counts, axis=1, keepdims=True)
    return tf.math.divide_no_nan(total, tf.reduce_sum(counts, axis=1, keepdims=True))


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
