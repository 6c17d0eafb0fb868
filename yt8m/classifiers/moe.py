"""Mixture of experts: the classifier of the winning models."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Literal

from pydantic import Field

from yt8m.strict import Penalty, settings


@settings
class Experts:
    """What the classifier and the model of this name have in common."""

    mixtures: int = Field(
        2, ge=1, le=4096, description="experts a class, besides the dummy that predicts 0"
    )
    l2: Penalty = Field(1e-6, description="weight of the penalty l2 * sum(w^2) / 2 on the kernels")
    low_rank: int = Field(0, ge=0, description="rank of the gates' kernel; 0: full rank")
    gating: Literal["none", "probabilities", "activations"] = Field(
        "none", description="context gating of the probabilities, and what feeds it"
    )
    remove_diagonal: bool = Field(False, description="no probability takes part in its own gate")

    def problems(self) -> Iterator[tuple[str, str]]:
        """Only gates that probabilities feed have a diagonal."""
        if self.remove_diagonal and self.gating != "probabilities":
            yield "remove_diagonal", "is true; only `gating: probabilities` has a diagonal"


@settings
class Recipe(Experts):
    """Mixture of experts: for each class a few logistic experts, and gates that weigh them."""

    def build(self, features, classes: int):
        """features: symbolic float [B, inputs]; -> predictions [B, classes] in [0, 1]."""
        from yt8m.layers.experts import MixtureOfExperts

        return MixtureOfExperts(classes, **asdict(self), name="classifier")(features)
