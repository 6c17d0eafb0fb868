"""From stored frames to the normalised frames that every model reads."""

from collections.abc import Sequence

import keras
import numpy as np
from keras import ops

from yt8m.data.value_ranges import YOUTUBE_8M, ValueRange
from yt8m.layers.base import MaskedLayer
from yt8m.layers.normalisation import SMALLEST_SQUARED_LENGTH, unit_length


class Frames(keras.layers.Layer):
    """Frames at unit length, and a mask of those that exist.

    The features of a frame are normalised together: rgb and audio as one vector of length 1.

    sized_ranges: size and range of each feature; by default, bytes are those of YouTube-8M.
    """

    def __init__(self, sized_ranges: Sequence[tuple[int, ValueRange]] = (), **kwargs):
        super().__init__(**kwargs)
        self.sized_ranges = tuple(sized_ranges)

    def call(self, frames, num_frames):
        """frames: uint8 [B, T, F], or float32 [B, T, F] that are already dequantised.
        num_frames: int [B]; frames beyond it are ignored.

        Returns float32 [B, T, F], exactly 0 past the end of a video, and bool [B, T].
        """
        position = ops.arange(ops.shape(frames)[1], dtype="int32")
        mask = position[None, :] < ops.cast(num_frames, "int32")[:, None]  # [B, T]
        if keras.backend.standardize_dtype(frames.dtype) == "uint8":
            features, smallest = self._dequantised(ops.cast(frames, "float32"))
        else:
            # `where`, not a product: NaN times 0 would still be NaN.
            features = ops.where(mask[:, :, None], frames, ops.zeros_like(frames))
            smallest = SMALLEST_SQUARED_LENGTH
        # As a matrix product: no array of squares, in half the time.
        squared = ops.einsum("btf,btf->bt", features, features)
        scale = ops.rsqrt(ops.maximum(squared, smallest)) * ops.cast(mask, "float32")
        return features * scale[:, :, None], mask

    def _dequantised(self, numbers):
        """Values of bytes, up to a scale, and the smallest squared length in the same units."""
        ranges = {r for _, r in self.sized_ranges} or {YOUTUBE_8M}
        if len(ranges) == 1:
            # In units of the step between bytes: normalisation cancels any common scale.
            (only,) = ranges
            return numbers + only.first / only.step, SMALLEST_SQUARED_LENGTH / only.step**2
        step = np.concatenate([np.full(n, r.step, "float32") for n, r in self.sized_ranges])
        first = np.concatenate([np.full(n, r.first, "float32") for n, r in self.sized_ranges])
        return numbers * step + first, SMALLEST_SQUARED_LENGTH


class MeanFrame(MaskedLayer):
    """Mean over the frames of a video; zeros for a video without frames.

    unit: whether to scale the mean to unit length.
    """

    def __init__(self, unit: bool = False, **kwargs):
        super().__init__(**kwargs)
        self.unit = unit

    def call(self, frames, mask=None):
        """frames: float [B, T, F]; mask: bool [B, T]; -> float [B, F]."""
        counts = ops.ones_like(frames[:, :, 0]) if mask is None else ops.cast(mask, frames.dtype)
        total = ops.sum(frames * counts[:, :, None], axis=1)
        mean = total / ops.maximum(ops.sum(counts, axis=1, keepdims=True), 1.0)
        return unit_length(mean) if self.unit else mean

    def get_config(self):
        return {**super().get_config(), "unit": self.unit}
