"""NeXtVLAD: NetVLAD over the groups into which an expanded frame is split."""

import keras
from keras import ops

from yt8m.layers.base import MaskedLayer
from yt8m.layers.normalisation import BatchNorm, unit_length


class NeXtVLAD(MaskedLayer):
    """NetVLAD over groups of values, each group weighted by attention.

    A frame x is expanded to w = x E + e and split into G groups w[g]. Then

        V[:, k] = sum over frames t and groups g of s[t, g] * a[t, g, k] * (w[t, g] - centre[k])

    with attention s = sigmoid(w A + b) and, for each group, assignments a = softmax(BN(w W)) over
    the clusters; every column is scaled to unit length, then the whole is batch normalised (Lin,
    Xiao & Fan 2018, arXiv:1811.05014, section 3; the two batch normalisations as in the authors'
    program).

    clusters: K, shared by all groups.
    expansion: an expanded frame has this many times F values.
    groups: G; divides expansion * F.

    Weights: those of the dense layers `widening` [F, expansion * F], `attention` [..., G] and,
    without a bias, `assignment` [..., G * K]; of `normalisation` and `vlad_normalisation`; and
    `centres` [expansion * F / G, K].
    """

    def __init__(self, clusters: int, expansion: int = 2, groups: int = 8, **kwargs):
        super().__init__(**kwargs)
        self.clusters = clusters
        self.expansion = expansion
        self.groups = groups

    def build(self, input_shape):
        width = self.expansion * input_shape[-1]
        if width % self.groups:
            raise ValueError(f"groups: {width} values cannot be split into {self.groups} groups")
        self.group_size = width // self.groups
        self.widening = keras.layers.Dense(width, kernel_initializer="he_normal", name="widening")
        self.attention = keras.layers.Dense(
            self.groups, "sigmoid", kernel_initializer="he_normal", name="attention"
        )
        self.assignment = keras.layers.Dense(
            self.groups * self.clusters,
            use_bias=False,
            kernel_initializer="he_normal",
            name="assignment",
        )
        self.widening.build(input_shape)
        self.attention.build((None, None, width))
        self.assignment.build((None, None, width))
        self.normalisation = BatchNorm(name="normalisation")
        self.normalisation.build((None, None, self.groups * self.clusters))
        self.centres = self.add_weight(
            (self.group_size, self.clusters), "he_normal", name="centres"
        )
        self.vlad_normalisation = BatchNorm(name="vlad_normalisation")
        self.vlad_normalisation.build((None, self.group_size * self.clusters))

    def call(self, frames, mask=None, training=None):
        """frames: float [B, T, F]; mask: bool [B, T].

        Returns float [B, expansion * F / G * K], K running fastest.
        """
        wide = self.widening(frames)  # [B, T, expansion * F]
        weights = self._weighted_assignments(wide, mask, training)  # [B, T, G, K]
        sums = ops.einsum("btgd,btgk->bdk", self._grouped(wide), weights)
        sums = sums - ops.sum(weights, axis=(1, 2))[:, None, :] * self.centres
        columns = unit_length(sums, axis=1)
        vlad = ops.reshape(columns, (-1, self.group_size * self.clusters))
        return self.vlad_normalisation(vlad, training=training)

    def _weighted_assignments(self, wide, mask, training):
        """Attention times assignments, float [B, T, G, K], 0 for padding."""
        attention = self.attention(wide)  # [B, T, G]
        if mask is not None:
            attention = attention * ops.cast(mask, attention.dtype)[:, :, None]
        logits = self.normalisation(self.assignment(wide), mask=mask, training=training)
        return ops.softmax(self._grouped(logits), axis=-1) * attention[..., None]

    def _grouped(self, values):
        """[B, T, G * n] -> [B, T, G, n]."""
        batch, time = ops.shape(values)[:2]
        return ops.reshape(values, (batch, time, self.groups, values.shape[-1] // self.groups))

    def get_config(self):
        return {
            **super().get_config(),
            "clusters": self.clusters,
            "expansion": self.expansion,
            "groups": self.groups,
        }
