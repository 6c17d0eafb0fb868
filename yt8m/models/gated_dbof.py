"""Gated deep bag of frames: the share of a video in each of many clusters.

Skalic & Austin 2018, after Abu-El-Haija et al. 2016 (arXiv:1609.08675). Gates on the first
feature, none on the others.
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
    """Gated deep bag of frames."""

    reads_parts = True

    clusters: Clusters = 4096
    hidden: Hidden = 1024
    relu: Relu = False
    max_pool: bool = Field(
        False,
        description="add the largest share of each cluster to the sum of its shares; only for "
        "features after the first, whose gates already use its largest shares",
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
        from yt8m.layers.dbof import GatedDBoF, SoftDBoF, SumMaxDBoF

        ungated = SumMaxDBoF if self.max_pool else SoftDBoF
        bags = []
        for b in normalised_branches(frames, mask, schema, self.clusters, AUDIO_SHARE):
            bag = ungated if bags else GatedDBoF
            bags.append(bag(b.clusters, name=f"{b.feature}_dbof")(b.frames, mask, b.affine))
        return classified(bags, self, schema.classes)
