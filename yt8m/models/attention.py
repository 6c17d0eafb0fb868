"""A hidden layer on the frames of a feature, averaged by attention (Skalic & Austin 2018)."""

from pydantic import Field

from yt8m.data.schema import Schema
from yt8m.models.branches import branches
from yt8m.protocols import ClassifierRecipe
from yt8m.recipes import one_of
from yt8m.strict import settings


@settings
class Recipe:
    """A hidden layer on the frames of a feature, averaged by attention."""

    expansion: int = Field(
        2, ge=1, description="size of a feature's hidden layer, in multiples of the feature's size"
    )
    mask_padding: bool = Field(
        True,
        description="use only frames that exist. The original pads every video with zeros to the "
        "dataset's `max_frames`, and counts padding in attention and batch norm",
    )
    classifier: ClassifierRecipe = one_of(
        "yt8m.classifiers", "logistic", "classifier of that vector"
    )

    def build(self, frames, mask, schema: Schema):
        """The model as a Keras graph.

        frames: symbolic float [B, T, F], at unit length; mask: symbolic bool [B, T].

        Returns predictions [B, C] in [0, 1].
        """
        from keras import ops

        from yt8m.layers.attention import AttentionPooling, PadToLength
        from yt8m.layers.normalisation import BatchNorm

        if not self.mask_padding:
            frames, mask = PadToLength(schema.max_frames, name="pad_to_length")(frames), None
        pooled = []
        for b in branches(frames, schema):
            normalisation = BatchNorm(unbiased=False, name=f"{b.feature}_input_normalisation")
            attention = AttentionPooling(self.expansion * b.size, name=f"{b.feature}_attention")
            pooled.append(attention(normalisation(b.frames, mask=mask), mask=mask))
        return self.classifier.build(ops.concatenate(pooled, axis=-1), schema.classes)
