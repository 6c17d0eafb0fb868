"""Logistic regression on the mean frame; on video-level records, on the mean they hold."""

from dataclasses import dataclass

from yt8m.classifiers import logistic
from yt8m.data.schema import Schema


@dataclass(frozen=True)
class Recipe:
    """Settings of a logistic model.

    l2: weight of the penalty l2 * sum(w^2) / 2 on the kernel.
    unit_mean: scale the mean frame to unit length, as the mean of a video-level record is. The
        original does not; without it a video that moves much is heard less.
    """

    l2: float = 1e-8
    unit_mean: bool = False

    @property
    def classifier(self) -> logistic.Recipe:
        """The classifier with these settings."""
        return logistic.Recipe(self.l2)

    def check(self, where: str) -> None:
        """Raises ConfigError naming the setting that is out of range."""
        self.classifier.check(where)

    def build(self, frames, mask, schema: Schema):
        """The model as a Keras graph.

        frames: symbolic float [B, T, F], at unit length; mask: symbolic bool [B, T].

        Returns predictions [B, C] in [0, 1].
        """
        from yt8m.layers.frames import MeanFrame

        mean = MeanFrame(self.unit_mean, name="mean")(frames, mask=mask)
        return self.classifier.build(mean, schema.classes)
