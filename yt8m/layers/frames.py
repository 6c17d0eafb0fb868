"""From stored frames to what every model reads."""

from collections.abc import Sequence
from itertools import accumulate

import keras
from keras import ops

from yt8m.data.value_ranges import YOUTUBE_8M, ValueRange
from yt8m.layers.base import MaskedLayer
from yt8m.layers.normalisation import SMALLEST_SQUARED_LENGTH, unit_length


class Frames(keras.layers.Layer):
    """Dequantised frames, what scales them to unit length, and a mask of those that exist.

    The features of a frame are normalised together: rgb and audio as one vector of length 1. The
    normalised frames themselves, 4 times the bytes that are read, are left to whoever needs them.

    sized_ranges: size and range of each feature; by default, one feature of any size whose bytes
        are those of YouTube-8M.
    """

    def __init__(self, sized_ranges: Sequence[tuple[int, ValueRange]] = (), **kwargs):
        super().__init__(**kwargs)
        self.sized_ranges = tuple(sized_ranges)

    def call(self, frames, num_frames):
        """frames: uint8 [B, T, F], or float32 [B, T, F] that are already dequantised.
        num_frames: int [B]; frames beyond it are ignored.

        Returns a list of float32 [B, T, size], one of each feature; float32 [B, T, 1], by which
        they are multiplied to have unit length together, exactly 0 past the end of a video; and
        bool [B, T].
        """
        position = ops.arange(ops.shape(frames)[1], dtype="int32")
        mask = position[None, :] < ops.cast(num_frames, "int32")[:, None]  # [B, T]
        if keras.backend.standardize_dtype(frames.dtype) == "uint8":
            # The bytes are split, not the floats, which are 4 times as many bytes.
            parts, smallest = self._dequantised(self._split(frames))
        else:
            # `where`, not a product: NaN times 0 would still be NaN.
            parts = self._split(ops.where(mask[:, :, None], frames, ops.zeros_like(frames)))
            smallest = SMALLEST_SQUARED_LENGTH
        squared = sum(_squared_lengths(part) for part in parts)
        scale = ops.rsqrt(ops.maximum(squared, smallest))
        return parts, scale * ops.cast(mask, "float32")[:, :, None], mask

    def _split(self, frames) -> list:
        cuts = list(accumulate(size for size, _ in self.sized_ranges))[:-1]
        return ops.split(frames, cuts, axis=-1) if cuts else [frames]

    def _dequantised(self, parts: list):
        """Values of bytes, up to a common scale; the smallest squared length in the same units."""
        ranges = [each for _, each in self.sized_ranges] or [YOUTUBE_8M]
        # In units of the first feature's step between bytes: normalisation cancels any scale.
        unit = ranges[0].step
        values = [_values(part, each, unit) for part, each in zip(parts, ranges, strict=True)]
        return values, SMALLEST_SQUARED_LENGTH / unit**2


def _values(numbers, values: ValueRange, unit: float):
    """What these bytes stand for, in this unit: float32."""
    found = ops.cast(numbers, "float32") + values.first / values.step
    return found if values.step == unit else found * (values.step / unit)


def _squared_lengths(part):
    """Of each frame: float32 [B, T, F] -> [B, T, 1]. As a product, which is faster than a sum."""
    return ops.matmul(ops.square(part), ops.ones((part.shape[-1], 1), part.dtype))


def at_unit_length(parts: Sequence, scale):
    """The frames of which `Frames` returns parts and scale, float32 [B, T, F]."""
    frames = parts[0] if len(parts) == 1 else ops.concatenate(parts, axis=-1)
    return frames * scale


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
