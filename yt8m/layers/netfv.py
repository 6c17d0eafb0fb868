"""NetFV: how the frames of a video differ from learned clusters, in mean and in deviation."""

import math

import keras
from keras import ops

from yt8m.layers.assignment import SoftAssignment
from yt8m.layers.base import MaskedLayer, spread
from yt8m.layers.normalisation import unit_columns, unit_length
from yt8m.layers.standardised import offset_from, weighted_frames, weighted_sums

SMALLEST_DEVIATION = 1e-6
"""Lower bound of the standard deviations, so that division by them is safe."""


class NetFV(MaskedLayer):
    """Fisher vector with learned clusters of diagonal covariance.

    With d = (x[t] - centre[k]) / deviation[k] and soft assignments a, the first order is the sum
    over frames t of a[t, k] * d, and the second order that of a[t, k] * (d^2 - 1): the gradients of
    a mixture of Gaussians by its means and deviations, normalised, without their constant factors
    (Perronnin & Dance 2007, section 3; for frames Miech et al. 2017, arXiv:1706.06905). The first
    order's columns are scaled to unit length, then each order as a whole.

    clusters: K.
    coupling: the centres are this many times the kernel of the assignment; 0: separate weights.

    Weights: those of `assignment`; `deviation_roots` [F, K], whose squares are the standard
    deviations; and `centres` [F, K] unless coupled.
    """

    def __init__(self, clusters: int, coupling: float = 0.0, **kwargs):
        super().__init__(**kwargs)
        self.clusters = clusters
        self.coupling = coupling

    def build(self, input_shape):
        size = input_shape[-1]
        self.assignment = SoftAssignment(self.clusters, name="assignment")
        self.assignment.build(input_shape)
        near_one = keras.initializers.RandomNormal(mean=1.0, stddev=1.0 / math.sqrt(size))
        self.deviation_roots = self.add_weight(
            (size, self.clusters), near_one, name="deviation_roots"
        )
        if not self.coupling:
            self.centres = self.add_weight((size, self.clusters), spread(size), name="centres")

    def call(self, frames, mask=None, affine=None, training=None):
        """frames: float [B, T, F]; mask: bool [B, T].
        affine: `Affine`, if the frames are not yet normalised.

        Returns float [B, 2 * F * K]: all of the first order, then all of the second; K running
        fastest in both.
        """
        assignments = self.assignment(frames, mask=mask, affine=affine, training=training)
        first, second = self._orders(frames, assignments, affine)
        # The columns of the second order keep their lengths, as in the original.
        second = unit_length(ops.reshape(second, (-1, frames.shape[-1] * self.clusters)))
        return ops.concatenate([unit_columns(first), second], axis=-1)

    def _orders(self, frames, assignments, affine):
        """First and second order, [B, F, K] each."""
        deviations = ops.square(self.deviation_roots) + SMALLEST_DEVIATION
        centres = self.assignment.kernel * self.coupling if self.coupling else self.centres
        counts = ops.sum(assignments, axis=1)[:, None, :]  # [B, 1, K]
        sums = weighted_sums(assignments, frames, affine, centres)
        # The sum of a * (x + offset)^2, multiplied out: avoids a tensor of [B, T, F, K].
        offset = offset_from(centres, affine)
        squares = _sums_of_squares(assignments, frames, affine)
        squares = squares + offset * (2.0 * sums - counts * offset)
        return sums / deviations, squares / ops.square(deviations) - counts

    def get_config(self):
        return {**super().get_config(), "clusters": self.clusters, "coupling": self.coupling}


def _sums_of_squares(weights, frames, affine):
    """Sums over t of weights[t, k] * frames[t]^2, scaled but not shifted, float [B, F, K]."""
    squares = ops.square(frames)
    if affine is None:
        return weighted_frames(weights, squares)
    sums = weighted_frames(weights * ops.square(affine.by_frame), squares)
    return sums * ops.square(affine.scale)[:, None]
