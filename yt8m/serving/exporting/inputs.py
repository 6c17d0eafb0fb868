"""What an exported graph reads: frames as bytes, as floats, or an extractor's values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import SimpleNamespace

import numpy as np
import tensorflow as tf

from yt8m.data.schema import Batch, Schema
from yt8m.errors import ArtefactError
from yt8m.projections.projection import Projection
from yt8m.serving.exporting.originals import Originals
from yt8m.serving.raw_features import arrays_of, raw_function

KINDS = ("bytes", "floats", "raw")
PROJECTION = "projection/"
"""Beginning of the names of operations and arrays before the models."""

FRAMES, NUM_FRAMES, OUTPUT = "frames", "num_frames", "predictions"


@dataclass(frozen=True)
class Inputs:
    """The inputs of an exported graph: `num_frames`, int32 [B], and before it, by `kind`:

    bytes   `frames`, uint8 [B, T, F], as in records
    floats  `frames`, float32 [B, T, F], dequantised; of the video layout, means [B, 1, F]
    raw     one for each feature, of its name: an extractor's values, float32 [B, T, R]

    projections: of the schema's features, in their order; empty if they are not known.
    """

    kind: str
    schema: Schema
    projections: Mapping[str, Projection] = field(default_factory=dict)

    def __post_init__(self):
        """Raises ArtefactError for inputs that the schema does not have."""
        if self.kind != "floats" and self.schema.layout == "video":
            raise ArtefactError(
                f"--input {self.kind}: records of the video layout hold means; use floats"
            )
        if self.kind == "raw" and not self.projections:
            raise ArtefactError(
                "--input raw: there are no projections beside this graph, which was trained on "
                "given records; use bytes or floats"
            )

    @property
    def types(self) -> dict[str, tuple[type, int]]:
        """Type and values per frame of each input but `num_frames`."""
        if self.kind == "raw":
            return {name: (np.float32, each.width) for name, each in self.projections.items()}
        dtype = np.uint8 if self.kind == "bytes" else np.float32
        return {FRAMES: (dtype, self.schema.feature_size)}

    @property
    def longest(self) -> int:
        """The most frames of a video."""
        return self.schema.max_frames if self.schema.layout == "frame" else 1

    def specs(self, videos: int | None, frames: int | None) -> list[tf.TensorSpec]:
        """Types and shapes for tracing, in order; None for any number."""
        shapes = [
            tf.TensorSpec([videos, frames, width], dtype, name)
            for name, (dtype, width) in self.types.items()
        ]
        return [*shapes, tf.TensorSpec([videos], tf.int32, NUM_FRAMES)]

    def reading(self, predict: Callable) -> Callable:
        """A function of the inputs in order, from one of frames and num_frames."""
        if self.kind != "raw":
            return predict
        arrays = arrays_of(self.projections)

        def outside(frames, num_frames):
            with tf.name_scope("models/"):
                return predict(frames, num_frames)

        made = SimpleNamespace(
            predict_bytes=outside, projections=lambda name: tf.constant(arrays[name])
        )
        function = raw_function(made, self.schema, self.projections).python_function

        def projected(*inputs):
            with tf.name_scope(PROJECTION):
                return function(*inputs)[OUTPUT]

        return projected

    @cached_property
    def _originals(self) -> Originals:
        return Originals(self.projections, self.schema)

    def arrays_of(self, batch: Batch) -> tuple[Batch, dict[str, np.ndarray]]:
        """The videos of a batch as the original graph reads them, and as inputs of this one.

        The inputs are padded to `longest`. Values of an extractor are made up for the frames, so
        that the bytes are the same if possible; if not, the batch gets those that they become.
        """
        frames = _padded(batch.frames, self.longest)
        if self.kind == "raw":
            frames, values = self._originals.values_of(frames)
            return replace(batch, frames=frames), {**values, NUM_FRAMES: batch.num_frames}
        if self.kind == "floats" and frames.dtype == np.uint8:
            frames = dequantised(frames, self.schema)
        return batch, {FRAMES: frames, NUM_FRAMES: batch.num_frames}


def _padded(frames: np.ndarray, length: int) -> np.ndarray:
    return np.pad(frames, ((0, 0), (0, length - frames.shape[1]), (0, 0)))


def dequantised(frames: np.ndarray, schema: Schema) -> np.ndarray:
    """The values of bytes: uint8 [..., F] -> float32 [..., F]."""
    ranges = schema.sized_ranges
    step, first = (
        np.concatenate([np.full(size, value(r), np.float32) for size, r in ranges])
        for value in (lambda r: r.step, lambda r: r.first)
    )
    return frames * step + first


def about(
    inputs: Inputs, name: str, weights: str, labels: list[str] | None
) -> Mapping[str, object]:
    """What users of the file need, stored inside it.

    Name, input, features and their sizes, the value of a byte, the most frames, weights, labels.
    """
    schema = inputs.schema
    return {
        "name": name,
        "input": inputs.kind,
        "features": dict(schema.features),
        "dequantisation": schema.dequantisation,
        "max_frames": inputs.longest,
        "weights": weights,
        **({"labels": labels} if labels else {}),
    }
