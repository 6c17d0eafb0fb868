"""A hidden layer and a pair of GRUs per feature; their final states are classified together.

Skalic & Austin 2018. The original crashed with a mixture of experts; here any classifier works.
"""

from yt8m.data.schema import Schema
from yt8m.errors import ConfigError
from yt8m.models.branches import branches
from yt8m.protocols import ClassifierRecipe
from yt8m.recipes import one_of
from yt8m.strict import settings


@settings
class Recipe:
    """A bidirectional GRU per feature, whose size is that of the feature."""

    classifier: ClassifierRecipe = one_of(
        "yt8m.classifiers", "logistic", "classifier of that vector"
    )

    def check_schema(self, schema: Schema, where: str) -> None:
        """Raises ConfigError for features that are too small."""
        for name, size in schema.features.items():
            if size < 2:
                raise ConfigError(
                    f"{where}: feature {name!r} has {size} value; two directions need 2 or more."
                )

    def build(self, frames, mask, schema: Schema):
        """The model as a Keras graph.

        frames: symbolic float [B, T, F], at unit length; mask: symbolic bool [B, T].

        Returns predictions [B, C] in [0, 1].
        """
        from keras import ops

        states = [self._state(b, mask) for b in branches(frames, schema)]
        return self.classifier.build(ops.concatenate(states, axis=-1), schema.classes)

    def _state(self, branch, mask):
        """The final state of one feature's branch, [B, size of the feature]."""
        from yt8m.layers.gru import BidirectionalGRU, FinalState
        from yt8m.layers.normalisation import BatchNorm
        from yt8m.layers.projection import FrameProjection

        name, size = branch.feature, branch.size
        normalisation = BatchNorm(unbiased=False, name=f"{name}_input_normalisation")
        frames = normalisation(branch.frames, mask=mask)
        hidden = FrameProjection(size, name=f"{name}_hidden")(frames, mask=mask)
        sequence = BidirectionalGRU(size, name=f"{name}_bidirectional")(hidden, mask=mask)
        return FinalState(size, name=f"{name}_upper")(sequence, mask=mask)
