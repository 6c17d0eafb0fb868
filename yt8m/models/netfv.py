"""Gated NetFV: a Fisher vector per feature, one hidden layer, a classifier.

Miech, Laptev & Sivic 2017 (arXiv:1706.06905), as trained by Skalic & Austin 2018.
"""

from collections.abc import Iterator

from pydantic import Field

from yt8m.data.schema import Schema
from yt8m.models.branches import normalised_branches
from yt8m.models.hidden import (
    Gating,
    Hidden,
    Relu,
    RemoveDiagonal,
    gating_problems,
    hidden_vector,
)
from yt8m.protocols import ClassifierRecipe
from yt8m.recipes import one_of
from yt8m.strict import settings

AUDIO_SHARE = 2
"""Ratio of the first feature's clusters to those of every other feature."""


@settings
class Recipe:
    """NetFV: first and second moments of frames around soft clusters."""

    reads_parts = True

    clusters: int = Field(
        96,
        ge=2,
        description="clusters of the first feature; the others get half each, rounded down",
    )
    hidden: Hidden = 1540
    relu: Relu = False
    coupled: bool = Field(
        False,
        description="make the clusters' centres a multiple of the kernel that assigns frames to "
        "them, instead of separate weights",
    )
    coupling_factor: float = Field(0.01, gt=0, description="that multiple; only used if coupled")
    gating: Gating = True
    gating_remove_diagonal: RemoveDiagonal = False
    classifier: ClassifierRecipe = one_of("yt8m.classifiers", "moe", "classifier of that vector")

    def problems(self) -> Iterator[tuple[str, str]]:
        """Without gates there is no diagonal to remove."""
        yield from gating_problems(self)

    def build(self, frames, mask, schema: Schema):
        """The model as a Keras graph.

        frames: `ScaledParts`; mask: symbolic bool [B, T].

        Returns predictions [B, C] in [0, 1].
        """
        from keras import ops

        from yt8m.layers.netfv import NetFV

        coupling = self.coupling_factor if self.coupled else 0.0
        vectors = [
            NetFV(b.clusters, coupling, name=f"{b.feature}_fv")(b.frames, mask, b.affine)
            for b in normalised_branches(frames, mask, schema, self.clusters, AUDIO_SHARE)
        ]
        vector = ops.concatenate(vectors, axis=-1)
        return self.classifier.build(hidden_vector(vector, self), schema.classes)
