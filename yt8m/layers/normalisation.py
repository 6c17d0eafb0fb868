"""Normalisation to unit length, and batch normalisation over existing frames only."""

from keras import ops

from yt8m.layers.base import MaskedLayer

SMALLEST_SQUARED_LENGTH = 1e-12
"""Vectors shorter than its square root are divided by that root, so that zeros stay zeros."""


def unit_length(values, axis: int = -1):
    """`values` divided by their Euclidean length along `axis`; same shape and dtype."""
    wide = ops.cast(values, "float32")
    squared = ops.sum(ops.square(wide), axis=axis, keepdims=True)
    return ops.cast(wide * ops.rsqrt(ops.maximum(squared, SMALLEST_SQUARED_LENGTH)), values.dtype)


def unit_columns(values):
    """Each column divided by its Euclidean length, then all columns together by theirs.

    values: float [B, F, K]. Returns float [B, F * K], K running fastest.
    """
    wide = ops.cast(values, "float32")
    squared = ops.sum(ops.square(wide), axis=1, keepdims=True)  # [B, 1, K]
    scale = ops.rsqrt(ops.maximum(squared, SMALLEST_SQUARED_LENGTH))
    # The squared lengths of the scaled columns: 1, except for those that are too short.
    together = ops.sum(squared * ops.square(scale), axis=2, keepdims=True)
    scale = scale * ops.rsqrt(ops.maximum(together, SMALLEST_SQUARED_LENGTH))
    return ops.reshape(
        ops.cast(wide * scale, values.dtype), (-1, values.shape[1] * values.shape[2])
    )


def moments(values, mask=None):
    """Mean and (biased) variance over all axes but the last.

    values: float [..., F].
    mask: bool, of the shape of `values` without F; False entries do not count. None: all count.

    Returns mean [F], variance [F] and the number of entries that count (at least 1), a scalar.
    """
    rows = ops.reshape(values, (-1, values.shape[-1]))
    if mask is None:
        counts = ops.ones_like(rows[:, :1])
    else:
        counts = ops.cast(ops.reshape(mask, (-1, 1)), rows.dtype)
    total = ops.maximum(ops.sum(counts), 1.0)
    # Sums as products with the counts: one pass over the values, in a third of the time.
    counts = ops.transpose(counts)
    mean = ops.matmul(counts, rows)[0] / total
    variance = ops.matmul(counts, ops.square(rows - mean))[0] / total
    return mean, variance, total


class BatchNorm(MaskedLayer):
    """Batch normalisation (Ioffe & Szegedy 2015) over the entries where a mask is True.

    decay: share of the moving statistics that each step keeps. The training loop may set this
        attribute before the step is compiled.
    warm_up: keep only min(decay, (1 + n) / (10 + n)) after n updates, so that the statistics
        converge in a short training. May be set like `decay`.
    epsilon: added to the variance.
    unbiased: update the moving variance with N / (N - 1) times the variance of the N entries.
        The batch itself is normalised by the biased variance either way.

    Weights: `gamma`, `beta`; not trainable: `moving_mean`, `moving_variance` [F], `updates` [].
    """

    def __init__(
        self,
        decay: float = 0.999,
        warm_up: bool = False,
        epsilon: float = 1e-3,
        unbiased: bool = True,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.decay = decay
        self.warm_up = warm_up
        self.epsilon = epsilon
        self.unbiased = unbiased

    def build(self, input_shape):
        shape = (input_shape[-1],)
        self.gamma = self.add_weight(shape, "ones", name="gamma", autocast=False)
        self.beta = self.add_weight(shape, "zeros", name="beta", autocast=False)
        # ASSUME several replicas see similar batches: their moving statistics are averaged.
        moving = {"trainable": False, "autocast": False, "aggregation": "mean"}
        self.moving_mean = self.add_weight(shape, "zeros", name="moving_mean", **moving)
        self.moving_variance = self.add_weight(shape, "ones", name="moving_variance", **moving)
        self.updates = self.add_weight((), "zeros", name="updates", **moving)

    def call(self, inputs, mask=None, training=False):
        """inputs: float [..., F]; mask: bool [...]; the result has the inputs' shape and dtype."""
        values = ops.cast(inputs, self.gamma.dtype)
        # Scale and shift: one pass over the values fewer than subtracting the mean first.
        scale, shift = self.coefficients(moments(values, mask) if training else None)
        return ops.cast(values * scale + shift, inputs.dtype)

    def coefficients(self, found=None):
        """Scale and shift, float32 [F] each: the normalised values are values * scale + shift.

        found: the batch's moments, as returned by `moments`, which also move the statistics; None
            to normalise by the moving statistics.
        """
        if found is None:
            mean, variance = self.moving_mean, self.moving_variance
        else:
            mean, variance, total = found
            self._update_moving(mean, variance, total)
        scale = self.gamma * ops.rsqrt(variance + self.epsilon)
        return scale, self.beta - mean * scale

    def _update_moving(self, mean, variance, total):
        if self.unbiased:
            variance = variance * total / ops.maximum(total - 1.0, 1.0)
        keep = self.effective_decay()
        self.moving_mean.assign(self.moving_mean * keep + mean * (1.0 - keep))
        self.moving_variance.assign(self.moving_variance * keep + variance * (1.0 - keep))
        self.updates.assign(self.updates + 1.0)

    def effective_decay(self):
        """Share of the moving statistics that the next update keeps: a float or scalar tensor."""
        if not self.warm_up:
            return self.decay
        return ops.minimum(self.decay, (1.0 + self.updates) / (10.0 + self.updates))

    def get_config(self):
        return {
            **super().get_config(),
            "decay": self.decay,
            "warm_up": self.warm_up,
            "epsilon": self.epsilon,
            "unbiased": self.unbiased,
        }
