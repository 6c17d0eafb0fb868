"""Mixture of experts on the mean frame; on video-level records, on the mean they hold."""

from dataclasses import asdict

from yt8m.classifiers import moe
from yt8m.data.schema import Schema
from yt8m.strict import settings


@settings
class Recipe(moe.Experts):
    """A mixture of experts on the mean frame, with the settings of the classifier of that name."""

    @property
    def classifier(self) -> moe.Recipe:
        """The classifier with these settings."""
        return moe.Recipe(**asdict(self))

    def build(self, frames, mask, schema: Schema):
        """The model as a Keras graph.

        frames: symbolic float [B, T, F], at unit length; mask: symbolic bool [B, T].

        Returns predictions [B, C] in [0, 1].
        """
        from yt8m.layers.frames import MeanFrame

        mean = MeanFrame(name="mean")(frames, mask=mask)
        return self.classifier.build(mean, schema.classes)
