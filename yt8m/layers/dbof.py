"""Deep bag of frames: how much of a video falls into each of many clusters."""

from keras import ops

from yt8m.layers.assignment import SoftAssignment
from yt8m.layers.base import MaskedLayer, spread
from yt8m.layers.normalisation import BatchNorm, unit_length


class DBoF(MaskedLayer):
    """relu6(BN(x W)), pooled over the frames (Abu-El-Haija et al. 2016, arXiv:1609.08675).

    clusters: K.
    pooling: "max" or "average"; a video without frames gets zeros either way.

    Weights: `kernel` [F, K] and those of `normalisation`.
    """

    def __init__(self, clusters: int, pooling: str = "max", **kwargs):
        super().__init__(**kwargs)
        self.clusters = clusters
        self.pooling = pooling

    def build(self, input_shape):
        size = input_shape[-1]
        self.kernel = self.add_weight((size, self.clusters), spread(size), name="kernel")
        self.normalisation = BatchNorm(name="normalisation")
        self.normalisation.build((None, None, self.clusters))

    def call(self, frames, mask=None, training=None):
        """frames: float [B, T, F]; mask: bool [B, T]; -> float [B, K] in [0, 6]."""
        scores = self.normalisation(ops.matmul(frames, self.kernel), mask=mask, training=training)
        counts = ops.ones_like(scores[:, :, :1])  # [B, T, 1]
        if mask is not None:
            counts = ops.cast(mask, scores.dtype)[:, :, None]
        # Activations are 0 or more, and 0 past the end: padding is never the largest.
        activations = ops.relu6(scores) * counts  # [B, T, K]
        if self.pooling == "max":
            return ops.max(activations, axis=1)
        return ops.sum(activations, axis=1) / ops.maximum(ops.sum(counts, axis=1), 1.0)

    def get_config(self):
        return {**super().get_config(), "clusters": self.clusters, "pooling": self.pooling}


class SoftDBoF(MaskedLayer):
    """Sum over frames of the shares of soft clusters, at unit length.

    A soft version of the deep bag of frames (Abu-El-Haija et al. 2016, arXiv:1609.08675) by
    Skalic & Austin 2018.

    clusters: K.

    Weights: those of `assignment`.
    """

    def __init__(self, clusters: int, **kwargs):
        super().__init__(**kwargs)
        self.clusters = clusters

    def build(self, input_shape):
        self.assignment = SoftAssignment(self.clusters, name="assignment")
        self.assignment.build(input_shape)

    def call(self, frames, mask=None, training=None):
        """frames: float [B, T, F]; mask: bool [B, T]; -> float [B, K]."""
        shares = self.assignment(frames, mask=mask, training=training)  # [B, T, K]
        return unit_length(ops.sum(shares, axis=1))

    def get_config(self):
        return {**super().get_config(), "clusters": self.clusters}


class SumMaxDBoF(SoftDBoF):
    """Soft DBoF, and beside it the largest share of each cluster; both at unit length.

    clusters: K.

    Weights: those of `assignment`.
    """

    def call(self, frames, mask=None, training=None):
        """frames: float [B, T, F]; mask: bool [B, T]; -> float [B, 2 * K], the sums first."""
        shares = self.assignment(frames, mask=mask, training=training)  # [B, T, K]
        # Shares are positive, and 0 past the end: padding is never the largest.
        pooled = [unit_length(ops.sum(shares, axis=1)), unit_length(ops.max(shares, axis=1))]
        return ops.concatenate(pooled, axis=-1)


class GatedDBoF(SoftDBoF):
    """Soft DBoF whose sums are gated by a network on the largest shares (Skalic & Austin 2018).

    sum * sigmoid(BN(max W V)), where max is at unit length and the result is brought to it.

    clusters: K.

    Weights: those of `assignment` and `gate_normalisation`, `gate_down` W [K, F], `gate_up` V
    [F, K].
    """

    def build(self, input_shape):
        super().build(input_shape)
        size = input_shape[-1]
        self.gate_down = self.add_weight((self.clusters, size), spread(size), name="gate_down")
        self.gate_up = self.add_weight((size, self.clusters), spread(size), name="gate_up")
        self.gate_normalisation = BatchNorm(name="gate_normalisation")
        self.gate_normalisation.build((None, self.clusters))

    def call(self, frames, mask=None, training=None):
        """frames: float [B, T, F]; mask: bool [B, T]; -> float [B, K]."""
        shares = self.assignment(frames, mask=mask, training=training)  # [B, T, K]
        # Shares are positive, and 0 past the end: padding is never the largest.
        largest = unit_length(ops.max(shares, axis=1))
        scores = ops.matmul(ops.matmul(largest, self.gate_down), self.gate_up)
        gates = ops.sigmoid(self.gate_normalisation(scores, training=training))
        return unit_length(gates * ops.sum(shares, axis=1))
