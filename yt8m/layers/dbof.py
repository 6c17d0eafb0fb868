"""Deep bag of frames (DBoF): how strongly a video's frames activate each of many clusters."""

from keras import ops

from yt8m.layers.assignment import SoftAssignment
from yt8m.layers.base import MaskedLayer, spread
from yt8m.layers.normalisation import BatchNorm, unit_length
from yt8m.layers.standardised import product


class DBoF(MaskedLayer):
    """relu6(BN(x W)), pooled over the frames (Abu-El-Haija et al. 2016, arXiv:1609.08675).

    clusters: K.
    pooling: "max" or "average"; both give zeros for a video without frames.

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

    def call(self, frames, mask=None, affine=None, training=None):
        """frames: float [B, T, F]; mask: bool [B, T]; -> float [B, K] in [0, 6].

        affine: `Affine`, if the frames are not yet normalised.
        """
        hidden = product(frames, self.kernel, affine)
        hidden = self.normalisation(hidden, mask=mask, training=training)
        counts = ops.ones_like(hidden[:, :, :1])  # [B, T, 1]
        if mask is not None:
            counts = ops.cast(mask, hidden.dtype)[:, :, None]
        # Activations are 0 or more, and 0 past the end: padding never changes the maximum.
        activations = ops.relu6(hidden) * counts  # [B, T, K]
        if self.pooling == "max":
            return ops.max(activations, axis=1)
        return ops.sum(activations, axis=1) / ops.maximum(ops.sum(counts, axis=1), 1.0)

    def get_config(self):
        return {**super().get_config(), "clusters": self.clusters, "pooling": self.pooling}


class SoftDBoF(MaskedLayer):
    """Sum over frames of their soft cluster assignments, at unit length.

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

    def call(self, frames, mask=None, affine=None, training=None):
        """frames: float [B, T, F]; mask: bool [B, T]; -> float [B, K].

        affine: `Affine`, if the frames are not yet normalised.
        """
        assignments = self.assignment(frames, mask=mask, affine=affine, training=training)
        return unit_length(ops.sum(assignments, axis=1))

    def get_config(self):
        return {**super().get_config(), "clusters": self.clusters}


class SumMaxDBoF(SoftDBoF):
    """Soft DBoF, concatenated with the maximum assignment of each cluster; both at unit length.

    clusters: K.

    Weights: those of `assignment`.
    """

    def call(self, frames, mask=None, affine=None, training=None):
        """frames: float [B, T, F]; mask: bool [B, T]; -> float [B, 2 * K], the sums first.

        affine: `Affine`, if the frames are not yet normalised.
        """
        assignments = self.assignment(frames, mask=mask, affine=affine, training=training)
        # Assignments are positive, and 0 past the end: padding never changes the maximum.
        sums, maxima = ops.sum(assignments, axis=1), ops.max(assignments, axis=1)
        return ops.concatenate([unit_length(sums), unit_length(maxima)], axis=-1)


class GatedDBoF(SoftDBoF):
    """Soft DBoF whose sums are gated by a network on the maxima (Skalic & Austin 2018).

    sum * sigmoid(BN(max W V)), with max at unit length and the result scaled to unit length.

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

    def call(self, frames, mask=None, affine=None, training=None):
        """frames: float [B, T, F]; mask: bool [B, T]; -> float [B, K].

        affine: `Affine`, if the frames are not yet normalised.
        """
        assignments = self.assignment(frames, mask=mask, affine=affine, training=training)
        # Assignments are positive, and 0 past the end: padding never changes the maximum.
        maxima = unit_length(ops.max(assignments, axis=1))
        logits = ops.matmul(ops.matmul(maxima, self.gate_down), self.gate_up)
        gates = ops.sigmoid(self.gate_normalisation(logits, training=training))
        return unit_length(gates * ops.sum(assignments, axis=1))
