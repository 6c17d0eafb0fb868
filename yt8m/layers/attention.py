"""Attention pooling: a weighted mean of frames with learned weights."""

import keras
from keras import ops

from yt8m.layers.base import MaskedLayer, glorot
from yt8m.layers.projection import FrameProjection

FAR_BELOW = -1e9
"""A logit that the softmax over any existing frame turns into 0."""


class AttentionPooling(MaskedLayer):
    """Sum over frames of softmax(x w) * relu6(BN(x W)), with the softmax over a video's frames.

    units: size of the result.

    Weights: `attention` w [F, 1] and those of `projection`.
    """

    def __init__(self, units: int, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def build(self, input_shape):
        size = input_shape[-1]
        self.attention = self.add_weight((size, 1), glorot(size, 1), name="attention")
        self.projection = FrameProjection(self.units, name="projection")
        self.projection.build(input_shape)

    def call(self, frames, mask=None, training=None):
        """frames: float [B, T, F]; mask: bool [B, T]; -> float [B, units], 0 without frames."""
        hidden = self.projection(frames, mask=mask, training=training)  # [B, T, units]
        return ops.sum(self.shares(frames, mask) * hidden, axis=1)

    def shares(self, frames, mask=None):
        """Attention weight of each frame, float [B, T, 1]; they sum to 1 over existing frames."""
        logits = ops.matmul(frames, self.attention)
        if mask is None:
            return ops.softmax(logits, axis=1)
        exists = mask[:, :, None]
        weights = ops.softmax(ops.where(exists, logits, FAR_BELOW), axis=1)
        return ops.where(exists, weights, 0.0)

    def get_config(self):
        return {**super().get_config(), "units": self.units}


class PadToLength(keras.layers.Layer):
    """Videos padded with frames of zeros, or cut, to a fixed length.

    length: frames per video in the result.
    """

    def __init__(self, length: int, **kwargs):
        super().__init__(**kwargs)
        self.length = length

    def call(self, frames):
        """frames: float [B, T, F] -> float [B, length, F]."""
        zeros = ops.zeros((ops.shape(frames)[0], self.length, frames.shape[-1]), frames.dtype)
        return ops.concatenate([frames, zeros], axis=1)[:, : self.length]

    def get_config(self):
        return {**super().get_config(), "length": self.length}
