"""A stack of LSTMs, whose last output is classified.

Abu-El-Haija et al. 2016 (arXiv:1609.08675).
"""

from pydantic import Field

from yt8m.data.schema import Schema
from yt8m.protocols import ClassifierRecipe
from yt8m.recipes import one_of
from yt8m.strict import settings


@settings
class Recipe:
    """Stacked LSTMs, whose final memories are classified."""

    cells: int = Field(1024, ge=1, description="cells of each LSTM")
    layers: int = Field(2, ge=1, description="number of stacked LSTMs")
    classifier: ClassifierRecipe = one_of(
        "yt8m.classifiers", "logistic", "classifier of that vector"
    )

    def build(self, frames, mask, schema: Schema):
        """The model as a Keras graph.

        frames: symbolic float [B, T, F], at unit length; mask: symbolic bool [B, T].

        Returns predictions [B, C] in [0, 1].
        """
        from yt8m.layers.rnn import FinalOutput

        output = FinalOutput(self.cells, self.layers, name="stack")(frames, mask=mask)
        return self.classifier.build(output, schema.classes)
