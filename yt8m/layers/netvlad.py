"""NetVLAD: residuals of a video's frames from the centres of learned clusters."""

from yt8m.layers.assignment import SoftAssignment
from yt8m.layers.base import MaskedLayer, spread
from yt8m.layers.normalisation import unit_columns
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

    def call(self, frames, mask=None, affine=None, training=None):
        """frames: float [B, T, F]; mask: bool [B, T]; -> float [B, F * K], K running fastest.

        affine: `Affine`, if the frames are not yet normalised.
        """
        assignments = self.assignment(frames, mask=mask, affine=affine, training=training)
        centres = None if self.light else self.centres
        return unit_columns(weighted_sums(assignments, frames, affine, centres))

    def get_config(self):
        return {**super().get_config(), "clusters": self.clusters, "light": self.light}
