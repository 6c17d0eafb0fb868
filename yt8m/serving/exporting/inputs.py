"""What an exported graph reads: frames as bytes or as floats."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from yt8m.data.schema import Batch, Schema
from yt8m.errors import ArtefactError

FRAMES, NUM_FRAMES, OUTPUT = "frames", "num_frames", "predictions"


@dataclass(frozen=True)
class Inputs:
    """The inputs of an exported graph: `num_frames`, int32 [B], and before it, by `kind`:

    bytes   `frames`, uint8 [B, T, F], as in records
    floats  `frames`, float32 [B, T, F], dequantised; of the video layout, means [B, 1, F]
    """

    kind: str
    schema: Schema

    def __post_init__(self):
        """Raises ArtefactError for inputs that the schema does not have."""
        if self.kind == "bytes" and self.schema.layout == "video":
            raise ArtefactError("--input bytes: records of the video layout hold floats")

    @property
    def types(self) -> dict[str, tuple[type, int]]:
        """Type and values per frame of each input but `num_frames`."""
        return {
            FRAMES: (np.uint8 if self.kind == "bytes" else np.float32, self.schema.feature_size)
        }

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

    def frames_of(self, *tensors: tf.Tensor) -> tf.Tensor:
        """Frames as models read them, from the inputs but `num_frames`."""
        return tensors[0]

    def arrays_of(self, batch: Batch) -> tuple[Batch, dict[str, np.ndarray]]:
        """The videos of a batch as the original graph reads them, and as inputs of this one.

        The inputs are padded to `longest`.
        """
        frames = batch.frames
        if self.kind == "floats" and frames.dtype == np.uint8:
            frames = dequantised(frames, self.schema)
        short = self.longest - frames.shape[1]
        frames = np.pad(frames, ((0, 0), (0, short), (0, 0)))
        return batch, {FRAMES: frames, NUM_FRAMES: batch.num_frames}


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
