"""MixNeXtVLAD: several NeXtVLADs, mixed by gates, that learn from their mixture.

Lin, Xiao & Fan 2018 (arXiv:1811.05014): the model with which they came third in the competition
that Skalic & Austin won.
"""

from pydantic import Field

from yt8m.data.schema import Schema
from yt8m.models.nextvlad import Aggregation
from yt8m.strict import Penalty, settings


@settings
class Recipe(Aggregation):
    """Several NeXtVLADs with logistic classifiers, whose logits are mixed by gates.

    The gates see the mean frame. In training, each NeXtVLAD also learns from the mixture (on-line
    distillation); the loss for that counts among the model's penalties, which
    `training.regularisation` scales.

    The original also trains each NeXtVLAD on the labels; here the labels reach it through the
    mixture.
    """

    experts: int = Field(3, ge=2, le=64, description="number of NeXtVLADs, each of the given size")
    distillation: Penalty = Field(
        1.0, description="weight of the loss of each NeXtVLAD against the mixture; 0: none"
    )
    temperature: float = Field(
        3.0, gt=0, description="softens the predictions that are compared in that loss"
    )
    l2: Penalty = Field(1e-5, description="factor of the penalty l2 * sum(w^2) / 2 on the kernels")

    def build(self, frames, mask, schema: Schema):
        """The model as a Keras graph.

        frames: symbolic float [B, T, F], at unit length; mask: symbolic bool [B, T].

        Returns predictions [B, C] in [0, 1].
        """
        from keras import ops

        from yt8m.layers.frames import MeanFrame
        from yt8m.layers.mixed_experts import MixedExperts

        prefixes = [f"expert_{m}_" for m in range(1, self.experts + 1)]
        vectors = ops.stack([self.vector(frames, mask, schema, p) for p in prefixes], axis=1)
        mean = MeanFrame(name="mean")(frames, mask=mask)
        classifier = MixedExperts(
            schema.classes, self.distillation, self.temperature, self.l2, name="classifier"
        )
        return classifier(vectors, mean)
