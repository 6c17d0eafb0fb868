"""Deep bag of frames: all features of a frame in one layer of many units, pooled over the video.

Abu-El-Haija et al. 2016 (arXiv:1609.08675).
"""

from typing import Literal

from pydantic import Field

from yt8m.data.schema import Schema
from yt8m.models.hidden import Hidden, Relu
from yt8m.protocols import ClassifierRecipe
from yt8m.recipes import one_of
from yt8m.strict import settings


@settings
class Recipe:
    """Deep bag of frames: one layer applied to each frame and pooled over the video."""

    reads_parts = True

    clusters: int = Field(
        8192, ge=1, description="units of the layer that sees each frame with all its features"
    )
    hidden: Hidden = 1024
    pooling: Literal["max", "average"] = Field(
        "max", description="pooling over the frames of a video"
    )
    relu: Relu = True
    classifier: ClassifierRecipe = one_of(
        "yt8m.classifiers", "logistic", "classifier of that vector"
    )

    def build(self, frames, mask, schema: Schema):
        """The model as a Keras graph.

        frames: `ScaledParts`; mask: symbolic bool [B, T].

        Returns predictions [B, C] in [0, 1].
        """
        from keras import ops

        from yt8m.layers.dbof import DBoF
        from yt8m.layers.projection import Projection
        from yt8m.layers.standardised import Affine, FrameNorm

        norm = FrameNorm(name="input_normalisation")
        affine = Affine(frames.scale, *norm(frames.values, frames.scale, mask=mask))
        together = ops.concatenate(frames.values, axis=-1)
        bag = DBoF(self.clusters, self.pooling, name="dbof")(together, mask, affine)
        hidden = Projection(self.hidden, self.relu, self.clusters, name="hidden")(bag)
        return self.classifier.build(hidden, schema.classes)
