"""Context gating: each value is scaled by a gate that depends on all values."""

import keras
from keras import ops

from yt8m.layers.base import spread
from yt8m.layers.normalisation import BatchNorm


class ContextGating(keras.layers.Layer):
    """values * sigmoid(BN(source W)) (Miech et al. 2017, arXiv:1706.06905, equation 2).

    batch_norm: if False, a bias is added instead.
    remove_diagonal: no value takes part in its own gate. The source must be the values themselves.

    Weights: `kernel` [sources, values], and those of `normalisation`, or `bias` [values].
    """

    def __init__(self, batch_norm: bool = True, remove_diagonal: bool = False, **kwargs):
        super().__init__(**kwargs)
        self.batch_norm = batch_norm
        self.remove_diagonal = remove_diagonal

    def build(self, values_shape, source_shape=None):
        size, sources = values_shape[-1], (source_shape or values_shape)[-1]
        if self.remove_diagonal and source_shape is not None:
            raise ValueError("remove_diagonal: needs gates computed from the values, not a source")
        self.kernel = self.add_weight((sources, size), spread(size), name="kernel")
        if self.batch_norm:
            self.normalisation = BatchNorm(name="normalisation", dtype=self.dtype_policy)
            self.normalisation.build((None, size))
        else:
            self.bias = self.add_weight((size,), spread(size), name="bias")

    def call(self, values, source=None, training=None):
        """values: float [B, values]; source: float [B, sources], None for the values themselves.

        Returns float [B, values].
        """
        kernel = self.kernel
        if self.remove_diagonal:
            kernel = kernel * (1.0 - ops.eye(kernel.shape[0], dtype=kernel.dtype))
        logits = ops.matmul(values if source is None else source, kernel)
        if self.batch_norm:
            logits = self.normalisation(logits, training=training)
        else:
            logits = logits + self.bias
        return values * ops.sigmoid(logits)

    def get_config(self):
        return {
            **super().get_config(),
            "batch_norm": self.batch_norm,
            "remove_diagonal": self.remove_diagonal,
        }


class SqueezedGating(keras.layers.Layer):
    """values * sigmoid(relu(BN(values W)) V): gates through a bottleneck.

    SE context gating of Lin, Xiao & Fan 2018 (arXiv:1811.05014, section 3), after squeeze and
    excitation (Hu et al. 2018, arXiv:1709.01507).

    reduction: the bottleneck has this many times fewer values, rounded down.

    Weights: `squeeze` W [values, values // reduction], those of `normalisation`, and `excite` V
    [values // reduction, values].
    """

    def __init__(self, reduction: int = 8, **kwargs):
        super().__init__(**kwargs)
        self.reduction = reduction

    def build(self, input_shape):
        size = input_shape[-1]
        narrow = size // self.reduction
        self.squeeze = self.add_weight((size, narrow), "he_normal", name="squeeze")
        self.normalisation = BatchNorm(name="normalisation")
        self.normalisation.build((None, narrow))
        self.excite = self.add_weight((narrow, size), "he_normal", name="excite")

    def call(self, values, training=None):
        """values: float [B, values] -> float [B, values]."""
        narrow = self.normalisation(ops.matmul(values, self.squeeze), training=training)
        return values * ops.sigmoid(ops.matmul(ops.relu(narrow), self.excite))

    def get_config(self):
        return {**super().get_config(), "reduction": self.reduction}
