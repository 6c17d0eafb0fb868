"""From stored frames to the normalised frames that every model reads."""

import keras
from keras import ops

from yt8m.data.schema import DEQUANTISED_MIN, DEQUANTISED_STEP
from yt8m.layers.base import MaskedLayer
from yt8m.layers.normalisation import SMALLEST_SQUARED_LENGTH, unit_length


class Frames(keras.layers.Layer):
    """Frames at unit length, and a mask of those that exist.

    The features of a frame are normalised together: rgb and audio as one vector of length 1.
    """

    def call(self, frames, num_frames):
        """frames: uint8 [B, T, F], or float32 [B, T, F] that are already dequantised.
        num_frames: int [B]; frames beyond it are ignored.

        Returns float32 [B, T, F], exactly 0 past the end of a video, and bool [B, T].
        """
        position = ops.arange(ops.shape(frames)[1], dtype="int32")
        mask = position[None, :] < ops.cast(num_frames, "int32")[:, None]  # [B, T]
        if keras.backend.standardize_dtype(frames.dtype) == "uint8":
            # In units of the step between bytes: normalisation cancels any common scale.
            features = ops.cast(frames, "float32") + DEQUANTISED_MIN / DEQUANTISED_STEP
            smallest = SMALLEST_SQUARED_LENGTH / DEQUANTISED_STEP**2
        else:
            # `where`, not a product: NaN times 0 would still be NaN.
            features = ops.where(mask[:, :, None], frames, ops.zeros_like(frames))
            smallest = SMALLEST_SQUARED_LENGTH
        # As a matrix product: no array of squares, in half the time.
        squared = ops.einsum("btf,btf->bt", features, features)
        scale = ops.rsqrt(ops.maximum(squared, smallest)) * ops.cast(mask, "float32")
        return features * scale[:, :, None], mask


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
