"""Gated deep bag of frames: how much of a video falls into each of many clusters.

Skalic & Austin 2018, after Abu-El-Haija et al. 2016 (arXiv:1609.08675). Gates on the first
feature, none on the others.
"""

from dataclasses import dataclass
from typing import Any

from yt8m.data.schema import Schema
from yt8m.models.branches import branches
from yt8m.models.soft_bags import AUDIO_SHARE, check_bag, classified
from yt8m.recipes import one_of


@dataclass(frozen=True)
class Recipe:
    """Settings of a gated deep bag of frames.

    clusters: of the first feature; the further ones get an eighth of them, rounded down.
    hidden: size of the vector that is classified; not used unless projected.
    relu: batch normalisation and relu6 on the hidden layer, in place of a bias.
    max_pool: the largest share of each cluster beside the sum of its shares; of the features
        after the first, whose gates are made of its largest shares already.
    project: classify a hidden layer; without it, the shares themselves.
    classifier: a recipe of `yt8m.classifiers`.
    """

    clusters: int = 4096
    hidden: int = 1024
    relu: bool = False
    max_pool: bool = False
    project: bool = True
    classifier: Any = one_of("yt8m.classifiers", "moe")

    def check(self, where: str) -> None:
        """Raises ConfigError naming the setting that is out of range."""
        check_bag(self, where)

    def build(self, frames, mask, schema: Schema):
        """The model as a Keras graph.

        frames: symbolic float [B, T, F], at unit length; mask: symbolic bool [B, T].

        Returns predictions [B, C] in [0, 1].
        """
        from yt8m.layers.dbof import GatedDBoF, SoftDBoF, SumMaxDBoF
        from yt8m.layers.normalisation import BatchNorm

        frames = BatchNorm(name="input_normalisation")(frames, mask=mask)
        ungated = SumMaxDBoF if self.max_pool else SoftDBoF
        bags = []
        for b in branches(frames, schema, self.clusters, AUDIO_SHARE):
            bag = ungated if bags else GatedDBoF
            bags.append(bag(b.clusters, name=f"{b.feature}_dbof")(b.frames, mask=mask))
        return classified(bags, self, schema.classes)
