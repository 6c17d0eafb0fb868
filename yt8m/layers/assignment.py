"""Soft assignment of frames to clusters, shared by NetVLAD, NetFV and soft DBoF."""

from keras import ops

from yt8m.layers.base import MaskedLayer, spread
from yt8m.layers.normalisation import BatchNorm
from yt8m.layers.standardised import product


class SoftAssignment(MaskedLayer):
    """Soft assignment of each frame to K clusters: softmax(BN(x W)), 0 for padding.

    clusters: K.

    Weights: `kernel` [F, K] and those of `normalisation`.
    """

    def __init__(self, clusters: int, **kwargs):
        super().__init__(**kwargs)
        self.clusters = clusters

    def build(self, input_shape):
        size = input_shape[-1]
        self.kernel = self.add_weight((size, self.clusters), spread(size), name="kernel")
        self.normalisation = BatchNorm(name="normalisation")
        self.normalisation.build((None, None, self.clusters))

    def call(self, frames, mask=None, affine=None, training=None):
        """frames: float [B, T, F]; mask: bool [B, T]; -> float [B, T, K].

        affine: `Affine`, if the frames are not yet normalised.
        """
        logits = product(frames, self.kernel, affine)
        logits = self.normalisation(logits, mask=mask, training=training)
        assignments = ops.softmax(logits, axis=-1)
        if mask is None:
            return assignments
        return assignments * ops.cast(mask, assignments.dtype)[:, :, None]

    def get_config(self):
        return {**super().get_config(), "clusters": self.clusters}
