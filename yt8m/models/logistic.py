"""Logistic regression on the mean frame; on video-level records, on the mean they hold."""

from pydantic import Field

from yt8m.classifiers import logistic
from yt8m.data.schema import Schema
from yt8m.strict import settings


@settings
class Recipe(logistic.Penalised):
    """Logistic regression on the mean frame."""

    unit_mean: bool = Field(
        False,
        description="scale the mean frame to unit length, like that of a video-level record. The "
        "original does not, which gives less weight to videos with much movement",
    )

    @property
    def classifier(self) -> logistic.Recipe:
        """The classifier with these settings."""
        return logistic.Recipe(l2=self.l2)

    def build(self, frames, mask, schema: Schema):
        """The model as a Keras graph.

        frames: symbolic float [B, T, F], at unit length; mask: symbolic bool [B, T].

        Returns predictions [B, C] in [0, 1].
        """
        from yt8m.layers.frames import MeanFrame

        mean = MeanFrame(self.unit_mean, name="mean")(frames, mask=mask)
        return self.classifier.build(mean, schema.classes)
