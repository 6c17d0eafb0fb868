"""Soft deep bag of frames: the shares of soft clusters, summed over a video.

Skalic & Austin 2018, after Miech et al. 2017 (arXiv:1706.06905) and Abu-El-Haija et al. 2016
(arXiv:1609.08675).
"""

from collections.abc import Iterator

from pydantic import Field

from yt8m.data.schema import Schema
from yt8m.models.branches import normalised_branches
from yt8m.models.hidden import Relu
from yt8m.models.soft_bags import (
    AUDIO_SHARE,
    Clusters,
    Hidden,
    Project,
    bag_problems,
    classified,
)
from yt8m.protocols import ClassifierRecipe
from yt8m.recipes import one_of
from yt8m.strict import settings


@settings
class Recipe:
    """Soft deep bag of frames: the shares of soft clusters, summed over a video."""

    reads_parts = True

    clusters: Clusters = 8000
    hidden: Hidden = 1024
    relu: Relu = False
    max_pool: bool = Field(
        False, description="add the largest share of each cluster to the sum of its shares"
    )
    project: Project = True
    classifier: ClassifierRecipe = one_of("yt8m.classifiers", "moe", "classifier of that vector")

    def problems(self) -> Iterator[tuple[str, str]]:
        """Without a hidden layer there is no relu."""
        yield from bag_problems(self)

    def build(self, frames, mask, schema: Schema):
        """The model as a Keras graph.

        frames: `ScaledParts`; mask: symbolic bool [B, T].

        Returns predictions [B, C] in [0, 1].
        """
        from yt8m.layers.dbof import SoftDBoF, SumMaxDBoF

        bag = SumMaxDBoF if self.max_pool else SoftDBoF
        bags = [
            bag(b.clusters, name=f"{b.feature}_dbof")(b.frames, mask, b.affine)
            for b in normalised_branches(frames, mask, schema, self.clusters, AUDIO_SHARE)
        ]
        return classified(bags, self, schema.classes)
