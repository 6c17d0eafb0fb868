"""Mixture of experts: the classifier of the winning models."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Literal

from pydantic import Field

from yt8m.strict import Penalty, settings


@settings
class Experts:
    """Settings shared by the classifier and the model of this name."""

    mixtures: int = Field(
        2, ge=1, le=4096, description="experts per class, besides the dummy expert that predicts 0"
    )
    l2: Penalty = Field(1e-6, description="factor of the penalty l2 * sum(w^2) / 2 on the kernels")
    low_rank: int = Field(0, ge=0, description="rank of the gates' kernel; 0: full rank")
    gating: Literal["none", "probabilities", "activations"] = Field(
        "none", description="context gating of the probabilities, and its input"
    )
    remove_diagonal: bool = Field(False, description="exclude each probability from its own gate")

    def problems(self) -> Iterator[tuple[str, str]]:
        """Only gates that are fed by the probabilities have a diagonal."""
        if self.remove_diagonal and self.gating != "probabilities":
            yield "remove_diagonal", "is true; that needs `gating: probabilities`"


@settings
class Recipe(Experts):
    """Mixture of experts: for each class a few logistic experts, weighted by gates."""

    def build(self, features, classes: int):
        """features: symbolic float [B, inputs]; -> predictions [B, classes] in [0, 1]."""
        from yt8m.layers.experts import MixtureOfExperts

        return MixtureOfExperts(classes, **asdict(self), name="classifier")(features)
