"""NeXtVLAD: grouped clusters of frames per feature, one gated hidden layer, a classifier.

Lin, Xiao & Fan 2018 (arXiv:1811.05014), third in the competition that Skalic & Austin won.
"""

from collections.abc import Iterator

from pydantic import Field

from yt8m.data.schema import Schema
from yt8m.errors import ConfigError
from yt8m.models.branches import branches
from yt8m.models.hidden import Hidden
from yt8m.protocols import ClassifierRecipe
from yt8m.recipes import one_of
from yt8m.strict import settings

AUDIO_SHARE = 2
"""Ratio of the first feature's clusters and groups to those of every other feature."""


@settings
class Aggregation:
    """Settings shared by the models that aggregate frames by NeXtVLAD, one or several of them."""

    clusters: int = Field(
        128,
        ge=2 * AUDIO_SHARE,
        description="clusters of the first feature; the others get half each, rounded down",
    )
    expansion: int = Field(2, ge=1, description="factor by which frames are expanded")
    groups: int = Field(
        8,
        ge=1,
        description="groups of the first feature's expanded frames; the others get half each",
    )
    hidden: Hidden = 2048
    gating_reduction: int = Field(
        8, ge=1, description="bottleneck of the hidden layer's gates: hidden / this"
    )
    dropout: float = Field(
        0.5,
        ge=0,
        lt=1,
        description="share of the aggregated values that a training step drops",
    )

    def problems(self) -> Iterator[tuple[str, str]]:
        """The gates' bottleneck must have at least one value."""
        if self.gating_reduction > self.hidden:
            yield "gating_reduction", f"is {self.gating_reduction}; at most `hidden`, {self.hidden}"

    def check_schema(self, schema: Schema, where: str) -> None:
        """Raises ConfigError unless each feature's expanded frames divide into equal groups."""
        for i, (feature, size) in enumerate(schema.features.items()):
            width, groups = self.expansion * size, self._groups(i)
            if width % groups or width == groups:
                raise ConfigError(
                    f"{where}.groups: is {self.groups}; must divide the {width} values of the "
                    "expanded "
                    f"{feature!r} into {groups} equal groups of 2 or more."
                )

    def _groups(self, feature: int) -> int:
        return max(self.groups // AUDIO_SHARE, 1) if feature else self.groups

    def vector(self, frames, mask, schema: Schema, prefix: str = ""):
        """The gated hidden layer of the aggregated frames.

        frames: symbolic float [B, T, F], at unit length; mask: symbolic bool [B, T].
        prefix: of the names of its layers. Returns symbolic float [B, hidden].
        """
        import keras

        from yt8m.layers.dropout import Dropout
        from yt8m.layers.gating import SqueezedGating
        from yt8m.layers.nextvlad import NeXtVLAD
        from yt8m.layers.normalisation import BatchNorm

        vlads = []
        for i, b in enumerate(branches(frames, schema, self.clusters, AUDIO_SHARE)):
            name = f"{prefix}{b.feature}_vlad"
            vlad = NeXtVLAD(b.clusters, self.expansion, self._groups(i), name=name)
            vlads.append(vlad(b.frames, mask=mask))
        vlad = keras.ops.concatenate(vlads, axis=-1)
        if self.dropout:
            vlad = Dropout(self.dropout, name=f"{prefix}dropout")(vlad)
        projection = keras.layers.Dense(
            self.hidden, use_bias=False, kernel_initializer="he_normal", name=f"{prefix}hidden"
        )
        hidden = BatchNorm(name=f"{prefix}hidden_normalisation")(projection(vlad))
        return SqueezedGating(self.gating_reduction, name=f"{prefix}hidden_gating")(hidden)


@settings
class Recipe(Aggregation):
    """NeXtVLAD: grouped clusters of frames, one gated hidden layer.

    Trainable weights on the dataset (1024 + 128 values per frame, 3,862 classes), in millions:

        clusters, gating_reduction    vlad   hidden  gating  classifier  all
        128, 8 (the defaults)         4.43   75.50   1.05    7.91        88.89
        112, 16 (the authors' "79M", of which they mix three)
                                      4.14   66.06   0.52    7.91        78.64
    """

    classifier: ClassifierRecipe = one_of(
        "yt8m.classifiers",
        "logistic",
        "classifier of that vector; the authors' penalty is `{l2: 1e-5}`",
    )

    def build(self, frames, mask, schema: Schema):
        """The model as a Keras graph.

        frames: symbolic float [B, T, F], at unit length; mask: symbolic bool [B, T].

        Returns predictions [B, C] in [0, 1].
        """
        return self.classifier.build(self.vector(frames, mask, schema), schema.classes)
