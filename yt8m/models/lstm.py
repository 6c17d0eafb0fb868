"""A stack of LSTMs, whose last output is classified.

Abu-El-Haija et al. 2016 (arXiv:1609.08675).
"""

from dataclasses import dataclass
from typing import Any

from yt8m.data.schema import Schema
from yt8m.errors import ConfigError
from yt8m.recipes import one_of


@dataclass(frozen=True)
class Recipe:
    """Settings of an LSTM model.

    cells: of each LSTM.
    layers: LSTMs on top of each other.
    classifier: a recipe of `yt8m.classifiers`.
    """

    cells: int = 1024
    layers: int = 2
    classifier: Any = one_of("yt8m.classifiers", "logistic")

    def check(self, where: str) -> None:
        """Raises ConfigError naming the setting that is out of range."""
        if self.cells < 1:
            raise ConfigError(f"{where}.cells: is {self.cells}; an LSTM needs 1 or more.")
        if self.layers < 1:
            raise ConfigError(f"{where}.layers: is {self.layers}; a stack needs 1 or more.")
        self.classifier.check(f"{where}.classifier")

    def build(self, frames, mask, schema: Schema):
        """The model as a Keras graph.

        frames: symbolic float [B, T, F], at unit length; mask: symbolic bool [B, T].

        Returns predictions [B, C] in [0, 1].
        """
        from yt8m.layers.rnn import FinalOutput

        output = FinalOutput(self.cells, self.layers, name="stack")(frames, mask=mask)
        return self.classifier.build(output, schema.classes)
