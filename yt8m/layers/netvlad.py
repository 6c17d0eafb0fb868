"""NetVLAD: residuals of a video's frames from the centres of learned clusters."""

from keras import ops

from yt8m.layers.assignment import SoftAssignment
from yt8m.layers.base import MaskedLayer, spread
from yt8m.layers.normalisation import unit_length
from yt8m.layers.standardised import weighted_sums


class NetVLAD(MaskedLayer):
    """Vector of locally aggregated descriptors with learned clusters.

    V[:, k] = sum over frames t of a[t, k] * (x[t] - centre[k]), with soft assignments a; every
    column is scaled to unit length, then the whole (Arandjelovic et al. 2016, equation 4; for
    frames Miech et al. 2017, arXiv:1706.06905).

    clusters: K.
    light: whether to sum the frames themselves, without centres (NetRVLAD, Miech et al. 2017).

    Weights: those of `assignment`, and `centres` [F, K] unless light.
    """

    def __init__(self, clusters: int, light: bool = False, **kwargs):
        super().__init__(**kwargs)
        self.clusters = clusters
        self.light = light

    def build(self, input_shape):
        size = input_shape[-1]
        self.assignment = SoftAssignment(self.clusters, name="assignment")
        self.assignment.build(input_shape)
        if not self.light:
            self.centres = self.add_weight((size, self.clusters), spread(size), name="centres")

    def call(self, frames, mask=None, scale=None, shift=None, training=None):
        """frames: float [B, T, F]; mask: bool [B, T]; -> float [B, F * K], K running fastest.

        scale, shift: float [F], of `FrameNorm`, if the frames are not yet normalised.
        """
        assignments = self.assignment(
            frames, mask=mask, scale=scale, shift=shift, training=training
        )  # [B, T, K]
        if not self.light:  # a residual is a shift, too
            shift = -self.centres if shift is None else shift[:, None] - self.centres
        columns = unit_length(weighted_sums(assignments, frames, scale, shift), axis=1)
        return unit_length(ops.reshape(columns, (-1, frames.shape[-1] * self.clusters)))

    def get_config(self):
        return {**super().get_config(), "clusters": self.clusters, "light": self.light}
