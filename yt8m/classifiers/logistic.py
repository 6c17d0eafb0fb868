"""Logistic regression for each class."""

from pydantic import Field

from yt8m.strict import Penalty, settings


@settings
class Penalised:
    """Settings shared by the classifier and the model of this name."""

    l2: Penalty = Field(1e-8, description="factor of the penalty l2 * sum(w^2) / 2 on the kernel")


@settings
class Recipe(Penalised):
    """Logistic regression for each class."""

    def build(self, features, classes: int):
        """features: symbolic float [B, inputs]; -> predictions [B, classes] in [0, 1]."""
        from yt8m.layers.experts import Logistic

        return Logistic(classes, self.l2, name="classifier")(features)
