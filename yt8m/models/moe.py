"""Mixture of experts on the mean frame; on video-level records, on the mean they hold."""

from dataclasses import asdict, dataclass, field

from yt8m.classifiers import moe
from yt8m.data.schema import Schema


@dataclass(frozen=True)
class Recipe:
    """Settings of a mixture of experts: those of the classifier of the same name.

    mixtures: experts a class, besides the dummy that predicts 0.
    l2: weight of the penalty l2 * sum(w^2) / 2 on the kernels.
    low_rank: rank of the gates' kernel; 0 means full rank.
    gating: context gating of the probabilities, fed by "probabilities" or "activations".
    remove_diagonal: no probability takes part in its own gate.
    """

    mixtures: int = 2
    l2: float = 1e-6
    low_rank: int = 0
    gating: str = field(default="none", metadata={"choices": moe.GATINGS})
    remove_diagonal: bool = False

    @property
    def classifier(self) -> moe.Recipe:
        """The classifier with these settings."""
        return moe.Recipe(**asdict(self))

    def check(self, where: str) -> None:
        """Raises ConfigError naming the setting that is out of range."""
        self.classifier.check(where)

    def build(self, frames, mask, schema: Schema):
        """The model as a Keras graph.

        frames: symbolic float [B, T, F], at unit length; mask: symbolic bool [B, T].

        Returns predictions [B, C] in [0, 1].
        """
        from yt8m.layers.frames import MeanFrame

        mean = MeanFrame(name="mean")(frames, mask=mask)
        return self.classifier.build(mean, schema.classes)
