"""Batch-normalised frames of which only products are computed, never the frames themselves.

With y = x * scale + shift, y W = x (scale W) + shift W, and the sum of a[t] * y[t] is that of
a[t] * x[t], scaled, plus the sum of a[t] times the shift. So the frames are read once per product,
and a gradient by scale and shift needs none by the frames, which are 1,000 times as large.
"""

from keras import ops

from yt8m.layers.normalisation import BatchNorm


class FrameNorm(BatchNorm):
    """Batch normalisation of frames, as a scale and a shift for `product` and `weighted_sums`."""

    def call(self, frames, mask=None, training=False):
        """frames: float [B, T, F]; mask: bool [B, T]. Returns scale and shift, float32 [F] each."""
        return self.coefficients(ops.cast(frames, self.gamma.dtype), mask, training)


def product(frames, kernel, scale=None, shift=None):
    """(frames * scale + shift) @ kernel, float [B, T, K].

    frames: float [B, T, F]; kernel: float [F, K]; scale, shift: float [F], or None for 1 and 0.
    """
    if scale is None:
        return ops.matmul(frames, kernel)
    return ops.matmul(frames, scale[:, None] * kernel) + ops.matmul(shift[None], kernel)[0]


def weighted_sums(weights, frames, scale=None, shift=None):
    """Sums over t of weights[t, k] * (frames[t] * scale + shift), float [B, F, K].

    weights: float [B, T, K]; frames: float [B, T, F]; scale: float [F], or None for 1; shift: float
    [F], or [F, K] for one of each k, or None for 0.
    """
    sums = ops.matmul(ops.transpose(weights, (0, 2, 1)), frames)  # [B, K, F]
    sums = ops.transpose(sums, (0, 2, 1))  # cheaper than to transpose the frames
    if scale is not None:
        sums = sums * scale[:, None]
    if shift is None:
        return sums
    by_cluster = shift if len(shift.shape) == 2 else shift[:, None]
    return sums + ops.sum(weights, axis=1)[:, None, :] * by_cluster
