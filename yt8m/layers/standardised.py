"""Frames at unit length, and batch-normalised, of which only products are computed.

With y = x * length * scale + shift, a frame's product y W is (x (scale W)) * length + shift W, and
the sum of a[t] * y[t] is that of a[t] * length[t] * x[t], scaled, plus the sum of a[t] times the
shift. So no array of y is written, frames are read once per product, and a gradient by scale and
shift needs none by the frames, which are 1,000 times as large.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from keras import ops

from yt8m.layers.normalisation import BatchNorm


class Affine(NamedTuple):
    """How frames x are normalised: x * by_frame * scale + shift.

    by_frame: float [B, T, 1]. scale, shift: float [F].
    """

    by_frame: Any
    scale: Any
    shift: Any


class FrameNorm(BatchNorm):
    """Batch normalisation of frames that are not yet at unit length, as a scale and a shift."""

    def build(self, input_shape):
        super().build((None, sum(shape[-1] for shape in input_shape)))

    def call(self, parts, by_frame, mask=None, training=False):
        """parts: float [B, T, F] of each feature; by_frame: float [B, T, 1], 0 past the end of a
        video, with which a frame has unit length; mask: bool [B, T].

        Returns scale and shift, float32 [F] each, of all features, for frames of unit length.
        """
        if not training:
            return self.coefficients()
        wide = [ops.cast(part, self.gamma.dtype) for part in parts]
        return self.coefficients(scaled_moments(wide, ops.cast(by_frame, self.gamma.dtype), mask))


def scaled_moments(parts: Sequence, by_frame, mask=None):
    """As `moments` of frames * by_frame; parts: float [B, T, F] of each feature.

    by_frame: float [B, T, 1], 0 where the mask is False. The variance is the mean square minus the
    squared mean: values of frames at unit length are at most 1, so what that loses is below 1e-6,
    far less than the epsilon that is added.
    """
    factors = ops.reshape(by_frame, (1, -1))  # [1, B * T]
    counts = ops.ones_like(factors)
    if mask is not None:
        counts = ops.cast(ops.reshape(mask, (1, -1)), factors.dtype)
    total = ops.maximum(ops.sum(counts), 1.0)
    mean = _summed(factors, parts) / total
    # `Frames` needs the same squares, so that compilers make them once.
    squares = _summed(ops.square(factors), [ops.square(part) for part in parts]) / total
    return mean, ops.maximum(squares - ops.square(mean), 0.0), total


def _summed(factors, parts: Sequence):
    """Sums of frames, each times its factor, as products: one pass. Returns [F] of all parts."""
    rows = [ops.reshape(part, (-1, part.shape[-1])) for part in parts]
    return ops.concatenate([ops.matmul(factors, each)[0] for each in rows])


def product(frames, kernel, affine: Affine | None = None):
    """Normalised frames @ kernel, float [B, T, K].

    frames: float [B, T, F]; kernel: float [F, K]; affine: how to normalise them; None: not at all.
    """
    if affine is None:
        return ops.matmul(frames, kernel)
    products = ops.matmul(frames, affine.scale[:, None] * kernel) * affine.by_frame
    return products + ops.matmul(affine.shift[None], kernel)[0]


def weighted_sums(weights, frames, affine: Affine | None = None, centres=None):
    """Sums over t of weights[t, k] * (normalised frames[t] - centres[:, k]), float [B, F, K].

    weights: float [B, T, K]; frames: float [B, T, F]; affine: as for `product`; centres: float
    [F, K], or None for 0.
    """
    if affine is None:
        sums = weighted_frames(weights, frames)
    else:
        sums = weighted_frames(weights * affine.by_frame, frames) * affine.scale[:, None]
    offset = offset_from(centres, affine)
    return sums if offset is None else sums + ops.sum(weights, axis=1)[:, None, :] * offset


def weighted_frames(weights, frames):
    """Sums over t of weights[t, k] * frames[t]: [B, T, K], [B, T, F] -> float [B, F, K]."""
    sums = ops.matmul(ops.transpose(weights, (0, 2, 1)), frames)  # [B, K, F]
    return ops.transpose(sums, (0, 2, 1))  # cheaper than to transpose the frames


def offset_from(centres=None, affine: Affine | None = None):
    """The shift minus the centres: float [F, K], [F, 1] without centres, None without both."""
    if affine is None:
        return None if centres is None else -centres
    shift = affine.shift[:, None]
    return shift if centres is None else shift - centres
