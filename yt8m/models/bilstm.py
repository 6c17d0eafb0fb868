"""A bidirectional LSTM under a second LSTM, whose final memory is classified.

Skalic & Austin 2018.
"""

from pydantic import Field

from yt8m.data.schema import Schema
from yt8m.protocols import ClassifierRecipe
from yt8m.recipes import one_of
from yt8m.strict import settings


@settings
class Recipe:
    """A bidirectional LSTM under a second LSTM, whose final memory is classified."""

    cells: int = Field(
        1024,
        ge=2,
        description="cells of the upper LSTM; the lower ones have half each, rounded down",
    )
    classifier: ClassifierRecipe = one_of(
        "yt8m.classifiers", "logistic", "classifier of that vector"
    )

    def build(self, frames, mask, schema: Schema):
        """The model as a Keras graph.

        frames: symbolic float [B, T, F], at unit length; mask: symbolic bool [B, T].

        Returns predictions [B, C] in [0, 1].
        """
        from yt8m.layers.rnn import BidirectionalLSTM, FinalMemory

        sequence = BidirectionalLSTM(self.cells, name="bidirectional")(frames, mask=mask)
        memory = FinalMemory(self.cells, name="upper")(sequence, mask=mask)
        return self.classifier.build(memory, schema.classes)
