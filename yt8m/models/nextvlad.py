"""NeXtVLAD: grouped clusters of frames a feature, one gated hidden layer, a classifier.

Lin, Xiao & Fan 2018 (arXiv:1811.05014), third in the competition that Skalic & Austin won.
"""

from dataclasses import dataclass
from typing import Any

from yt8m.data.schema import Schema
from yt8m.errors import ConfigError
from yt8m.models.branches import branches
from yt8m.recipes import one_of

AUDIO_SHARE = 2
"""Features after the first get one cluster, and one group, for this many of the first one's."""


@dataclass(frozen=True)
class Recipe:
    """Settings of a NeXtVLAD model.

    clusters: of the first feature; the further ones get half of them, rounded down.
    expansion: frames are widened to this many times their values.
    groups: that the widened frames of the first feature fall into; the further ones get half.
    hidden: size of the vector that is classified.
    gating_reduction: the hidden layer's gates pass through hidden / this many values.
    dropout: share of the aggregated values that a step of training leaves out.
    classifier: a recipe of `yt8m.classifiers`; the authors' penalty is `{l2: 1e-5}`.

    Trainable weights on the dataset (1024 + 128 values a frame, 3,862 classes), in millions:

        clusters, gating_reduction    vlad   hidden  gating  classifier  all
        128, 8 (the defaults)         4.43   75.50   1.05    7.91        88.89
        112, 16 (the authors' "79M", of which they mix three)
                                      4.14   66.06   0.52    7.91        78.64
    """

    clusters: int = 128
    expansion: int = 2
    groups: int = 8
    hidden: int = 2048
    gating_reduction: int = 8
    dropout: float = 0.5
    classifier: Any = one_of("yt8m.classifiers", "logistic")

    def check(self, where: str) -> None:
        """Raises ConfigError naming the setting that is out of range."""
        if self.clusters < 2 * AUDIO_SHARE:
            raise ConfigError(
                f"{where}.clusters: is {self.clusters}; NeXtVLAD needs {2 * AUDIO_SHARE} or more, "
                "of which the audio gets half."
            )
        for word in ("expansion", "groups", "hidden", "gating_reduction"):
            if getattr(self, word) < 1:
                raise ConfigError(f"{where}.{word}: is {getattr(self, word)}; use 1 or more.")
        if self.gating_reduction > self.hidden:
            raise ConfigError(
                f"{where}.gating_reduction: is {self.gating_reduction}; at most `hidden`, "
                f"{self.hidden}."
            )
        if not 0 <= self.dropout < 1:
            raise ConfigError(f"{where}.dropout: is {self.dropout}; from 0 to less than 1.")
        self.classifier.check(f"{where}.classifier")

    def check_schema(self, schema: Schema, where: str) -> None:
        """Raises ConfigError when a feature's frames do not fall into groups of equal size."""
        for i, (feature, size) in enumerate(schema.features.items()):
            width, groups = self.expansion * size, self._groups(i)
            if width % groups or width == groups:
                raise ConfigError(
                    f"{where}.groups: is {self.groups}; the {width} values that {feature!r} is "
                    f"widened to do not fall into {groups} groups of equally many, 2 or more."
                )

    def _groups(self, feature: int) -> int:
        return max(self.groups // AUDIO_SHARE, 1) if feature else self.groups

    def build(self, frames, mask, schema: Schema):
        """The model as a Keras graph.

        frames: symbolic float [B, T, F], at unit length; mask: symbolic bool [B, T].

        Returns predictions [B, C] in [0, 1].
        """
        import keras

        from yt8m.layers.dropout import Dropout
        from yt8m.layers.gating import SqueezedGating
        from yt8m.layers.nextvlad import NeXtVLAD
        from yt8m.layers.normalisation import BatchNorm

        vlads = []
        for i, b in enumerate(branches(frames, schema, self.clusters, AUDIO_SHARE)):
            vlad = NeXtVLAD(b.clusters, self.expansion, self._groups(i), name=f"{b.feature}_vlad")
            vlads.append(vlad(b.frames, mask=mask))
        vlad = keras.ops.concatenate(vlads, axis=-1)
        if self.dropout:
            vlad = Dropout(self.dropout, name="dropout")(vlad)
        projection = keras.layers.Dense(
            self.hidden, use_bias=False, kernel_initializer="he_normal", name="hidden"
        )
        hidden = BatchNorm(name="hidden_normalisation")(projection(vlad))
        hidden = SqueezedGating(self.gating_reduction, name="hidden_gating")(hidden)
        return self.classifier.build(hidden, schema.classes)
