"""Deep bag of frames: all features of a frame in one layer of many units, pooled over the video.

Abu-El-Haija et al. 2016 (arXiv:1609.08675).
"""

from dataclasses import dataclass, field
from typing import Any

from yt8m.data.schema import Schema
from yt8m.errors import ConfigError
from yt8m.models.hidden import check_hidden
from yt8m.recipes import one_of

POOLINGS = ("max", "average")


@dataclass(frozen=True)
class Recipe:
    """Settings of a deep bag of frames.

    clusters: units of the layer that sees each frame, the features together.
    hidden: size of the vector that is classified.
    pooling: "max" or "average", over the frames of a video.
    relu: batch normalisation and relu6 on the hidden layer, in place of a bias.
    classifier: a recipe of `yt8m.classifiers`.
    """

    clusters: int = 8192
    hidden: int = 1024
    pooling: str = field(default="max", metadata={"choices": POOLINGS})
    relu: bool = True
    classifier: Any = one_of("yt8m.classifiers", "logistic")

    def check(self, where: str) -> None:
        """Raises ConfigError naming the setting that is out of range."""
        if self.clusters < 1:
            raise ConfigError(
                f"{where}.clusters: is {self.clusters}; a deep bag of frames needs 1 or more."
            )
        check_hidden(self.hidden, where)
        self.classifier.check(f"{where}.classifier")

    def build(self, frames, mask, schema: Schema):
        """The model as a Keras graph.

        frames: symbolic float [B, T, F], at unit length; mask: symbolic bool [B, T].

        Returns predictions [B, C] in [0, 1].
        """
        from yt8m.layers.dbof import DBoF
        from yt8m.layers.normalisation import BatchNorm
        from yt8m.layers.projection import Projection

        frames = BatchNorm(name="input_normalisation")(frames, mask=mask)
        bag = DBoF(self.clusters, self.pooling, name="dbof")(frames, mask=mask)
        hidden = Projection(self.hidden, self.relu, self.clusters, name="hidden")(bag)
        return self.classifier.build(hidden, schema.classes)
