"""A hidden layer on the frames of a feature, averaged by attention (Skalic & Austin 2018)."""

from dataclasses import dataclass
from typing import Any

from yt8m.data.schema import Schema
from yt8m.errors import ConfigError
from yt8m.models.branches import branches
from yt8m.recipes import one_of


@dataclass(frozen=True)
class Recipe:
    """Settings of a model that pays attention to frames.

    expansion: size of a feature's hidden layer, in multiples of the feature's size.
    mask_padding: only frames that exist count. The original fills every video up with zeros to
        the dataset's `max_frames` and counts these as frames, in attention and batch norm.
    classifier: a recipe of `yt8m.classifiers`.
    """

    expansion: int = 2
    mask_padding: bool = True
    classifier: Any = one_of("yt8m.classifiers", "logistic")

    def check(self, where: str) -> None:
        """Raises ConfigError naming the setting that is out of range."""
        if self.expansion < 1:
            raise ConfigError(f"{where}.expansion: is {self.expansion}; a layer needs 1 or more.")
        self.classifier.check(f"{where}.classifier")

    def build(self, frames, mask, schema: Schema):
        """The model as a Keras graph.

        frames: symbolic float [B, T, F], at unit length; mask: symbolic bool [B, T].

        Returns predictions [B, C] in [0, 1].
        """
        from keras import ops

        from yt8m.layers.attention import AttentionPooling, FilledUp
        from yt8m.layers.normalisation import BatchNorm

        if not self.mask_padding:
            frames, mask = FilledUp(schema.max_frames, name="filled_up")(frames), None
        pooled = []
        for b in branches(frames, schema):
            normalisation = BatchNorm(unbiased=False, name=f"{b.feature}_input_normalisation")
            attention = AttentionPooling(self.expansion * b.size, name=f"{b.feature}_attention")
            pooled.append(attention(normalisation(b.frames, mask=mask), mask=mask))
        return self.classifier.build(ops.concatenate(pooled, axis=-1), schema.classes)
