"""Gated NetFV: a Fisher vector a feature, one hidden layer, a classifier.

Miech, Laptev & Sivic 2017 (arXiv:1706.06905), as trained by Skalic & Austin 2018.
"""

from dataclasses import dataclass
from typing import Any

from yt8m.data.schema import Schema
from yt8m.errors import ConfigError
from yt8m.models.branches import branches
from yt8m.models.hidden import (
    check_gating,
    check_hidden,
    hidden_vector,
)
from yt8m.recipes import one_of

AUDIO_SHARE = 2
"""Features after the first get one cluster for this many of the first one's."""


@dataclass(frozen=True)
class Recipe:
    """Settings of a NetFV model.

    clusters: of the first feature; the further ones get half of them, rounded down.
    hidden: size of the vector that is classified.
    relu: batch normalisation and relu6 on the hidden layer, in place of a bias.
    coupled: the centres of the clusters are multiples of the kernel that assigns frames to them,
        not weights of their own.
    coupling_factor: that multiple; not used unless coupled.
    gating: context gating of the hidden layer.
    gating_remove_diagonal: no hidden value takes part in its own gate.
    classifier: a recipe of `yt8m.classifiers`.
    """

    clusters: int = 96
    hidden: int = 1540
    relu: bool = False
    coupled: bool = False
    coupling_factor: float = 0.01
    gating: bool = True
    gating_remove_diagonal: bool = False
    classifier: Any = one_of("yt8m.classifiers", "moe")

    def check(self, where: str) -> None:
        """Raises ConfigError naming the setting that is out of range."""
        if self.clusters < 2:
            raise ConfigError(f"{where}.clusters: is {self.clusters}; NetFV needs 2 or more.")
        check_hidden(self.hidden, where)
        if self.coupling_factor <= 0:
            raise ConfigError(
                f"{where}.coupling_factor: is {self.coupling_factor}; a multiple of the kernel "
                "needs more than 0."
            )
        check_gating(self.gating, self.gating_remove_diagonal, where)
        self.classifier.check(f"{where}.classifier")

    def build(self, frames, mask, schema: Schema):
        """The model as a Keras graph.

        frames: symbolic float [B, T, F], at unit length; mask: symbolic bool [B, T].

        Returns predictions [B, C] in [0, 1].
        """
        from keras import ops

        from yt8m.layers.netfv import NetFV
        from yt8m.layers.normalisation import BatchNorm

        frames = BatchNorm(name="input_normalisation")(frames, mask=mask)
        coupling = self.coupling_factor if self.coupled else 0.0
        vectors = [
            NetFV(b.clusters, coupling, name=f"{b.feature}_fv")(b.frames, mask=mask)
            for b in branches(frames, schema, self.clusters, AUDIO_SHARE)
        ]
        vector = ops.concatenate(vectors, axis=-1)
        return self.classifier.build(hidden_vector(vector, self), schema.classes)
