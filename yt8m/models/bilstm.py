"""A bidirectional LSTM under a second LSTM, whose final memory is classified.

Skalic & Austin 2018.
"""

from dataclasses import dataclass
from typing import Any

from yt8m.data.schema import Schema
from yt8m.errors import ConfigError
from yt8m.recipes import one_of


@dataclass(frozen=True)
class Recipe:
    """Settings of a bidirectional LSTM model.

    cells: of the upper LSTM; the lower ones have half of them each, rounded down.
    classifier: a recipe of `yt8m.classifiers`.
    """

    cells: int = 1024
    classifier: Any = one_of("yt8m.classifiers", "logistic")

    def check(self, where: str) -> None:
        """Raises ConfigError naming the setting that is out of range."""
        if self.cells < 2:
            raise ConfigError(f"{where}.cells: is {self.cells}; two directions need 2 or more.")
        self.classifier.check(f"{where}.classifier")

    def build(self, frames, mask, schema: Schema):
        """The model as a Keras graph.

        frames: symbolic float [B, T, F], at unit length; mask: symbolic bool [B, T].

        Returns predictions [B, C] in [0, 1].
        """
        from yt8m.layers.rnn import BidirectionalLSTM, FinalMemory

        sequence = BidirectionalLSTM(self.cells, name="bidirectional")(frames, mask=mask)
        memory = FinalMemory(self.cells, name="upper")(sequence, mask=mask)
        return self.classifier.build(memory, schema.classes)
