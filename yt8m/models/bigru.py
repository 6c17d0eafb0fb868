"""A bidirectional GRU under a second GRU, whose final state is classified.

Skalic & Austin 2018.
"""

from pydantic import Field

from yt8m.data.schema import Schema
from yt8m.protocols import ClassifierRecipe
from yt8m.recipes import one_of
from yt8m.strict import settings


@settings
class Recipe:
    """A bidirectional GRU under a second GRU, whose final state is classified."""

    cells: int = Field(
        1024,
        ge=2,
        description="cells of the upper GRU; the lower ones have half each, rounded down",
    )
    gating: bool = Field(
        False,
        description="context gating of the final state, with a bias instead of batch normalisation",
    )
    classifier: ClassifierRecipe = one_of(
        "yt8m.classifiers", "logistic", "classifier of that vector"
    )

    def build(self, frames, mask, schema: Schema):
        """The model as a Keras graph.

        frames: symbolic float [B, T, F], at unit length; mask: symbolic bool [B, T].

        Returns predictions [B, C] in [0, 1].
        """
        from yt8m.layers.gating import ContextGating
        from yt8m.layers.gru import BidirectionalGRU, FinalState

        sequence = BidirectionalGRU(self.cells, name="bidirectional")(frames, mask=mask)
        state = FinalState(self.cells, name="upper")(sequence, mask=mask)
        if self.gating:
            state = ContextGating(batch_norm=False, name="gating")(state)
        return self.classifier.build(state, schema.classes)
