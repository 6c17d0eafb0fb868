"""Soft deep bag of frames: the shares of soft clusters, summed over a video.

Skalic & Austin 2018, after Miech et al. 2017 (arXiv:1706.06905) and Abu-El-Haija et al. 2016
(arXiv:1609.08675).
"""

from dataclasses import dataclass
from typing import Any

from yt8m.data.schema import Schema
from yt8m.errors import ConfigError
from yt8m.layers.originals import Original, batch_norm, same
from yt8m.models.branches import branches
from yt8m.models.hidden import check_hidden, hidden_originals
from yt8m.models.originals import branch as scope
from yt8m.recipes import one_of

AUDIO_SHARE = 8
"""Features after the first get one cluster for this many of the first one's."""


@dataclass(frozen=True)
class Recipe:
    """Settings of a soft deep bag of frames.

    clusters: of the first feature; the further ones get an eighth of them, rounded down.
    hidden: size of the vector that is classified; not used unless projected.
    relu: batch normalisation and relu6 on the hidden layer, in place of a bias.
    max_pool: the largest share of each cluster beside the sum of its shares.
    project: classify a hidden layer; without it, the shares themselves.
    classifier: a recipe of `yt8m.classifiers`.
    """

    clusters: int = 8000
    hidden: int = 1024
    relu: bool = False
    max_pool: bool = False
    project: bool = True
    classifier: Any = one_of("yt8m.classifiers", "moe")

    def check(self, where: str) -> None:
        """Raises ConfigError naming the setting that is out of range."""
        if self.clusters < 2 * AUDIO_SHARE:
            raise ConfigError(
                f"{where}.clusters: is {self.clusters}; a soft deep bag of frames needs "
                f"{2 * AUDIO_SHARE} or more, of which the audio gets an eighth."
            )
        check_hidden(self.hidden, where)
        if self.relu and not self.project:
            raise ConfigError(
                f"{where}.relu: is true, but `project` is false: there is no hidden layer."
            )
        self.classifier.check(f"{where}.classifier")

    def build(self, frames, mask, schema: Schema):
        """The model as a Keras graph.

        frames: symbolic float [B, T, F], at unit length; mask: symbolic bool [B, T].

        Returns predictions [B, C] in [0, 1].
        """
        from keras import ops

        from yt8m.layers.dbof import SoftDBoF, SumMaxDBoF
        from yt8m.layers.normalisation import BatchNorm
        from yt8m.layers.projection import Projection

        frames = BatchNorm(name="input_normalisation")(frames, mask=mask)
        bag = SumMaxDBoF if self.max_pool else SoftDBoF
        bags = [
            bag(b.clusters, name=f"{b.feature}_dbof")(b.frames, mask=mask)
            for b in branches(frames, schema, self.clusters, AUDIO_SHARE)
        ]
        classified = ops.concatenate(bags, axis=-1)
        if self.project:
            projection = Projection(self.hidden, self.relu, self.clusters, name="hidden")
            classified = projection(classified)
        return self.classifier.build(classified, schema.classes)

    def originals(self, schema: Schema) -> list[Original]:
        """The original's variables, and where their values go."""
        found = batch_norm("tower/input_bn", "input_normalisation")
        for feature in schema.features:
            theirs, ours = scope(feature, "DBOF"), f"{feature}_dbof"
            found.append(same(f"{theirs}/cluster_weights", f"{ours}/assignment/kernel"))
            found += batch_norm(f"{theirs}/cluster_bn", f"{ours}/assignment/normalisation")
        if self.project:
            found += hidden_originals(self.relu)
        return found + self.classifier.originals()
