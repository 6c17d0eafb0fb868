"""The settings of the steps that use fitted weights, and of what a run makes."""

from typing import Any, Literal

from pydantic import Field

from yt8m.config.training import BatchSize
from yt8m.recipes import one_of
from yt8m.strict import settings


@settings
class Quantisation:
    """How the weights are stored in the end."""

    quantiser: Any = one_of(
        "yt8m.compression.quantisers", "uniform", "how a variable's values become codes"
    )
    min_elements: int = Field(
        17_000, ge=0, description="variables with more elements than this are quantised"
    )


@settings
class Distillation:
    """How a teacher's predictions on the training split are written down."""

    layout: Literal["soft_labels", "full"] = Field(
        "soft_labels",
        description='"soft_labels": predictions alone, read beside the source; "full": the '
        "original's records",
    )
    keep: int = Field(
        900,
        ge=1,
        description="predictions per video kept by `soft_labels`; the rest is spread evenly",
    )
    shards_per_job: Literal[1, 10, 100] = Field(
        1, description="a job should take minutes, and is the unit of a restart"
    )


@settings
class Inference:
    """How graphs are scored and used."""

    batch_size: BatchSize = Field(256, description="videos per step")
    top_k: int = Field(
        20, ge=1, description="predictions per video that count for GAP and are kept"
    )
    skip_dummies: bool = Field(
        False, description="leave out videos whose mean_rgb varies by less than 0.1 (std)"
    )


@settings
class Run:
    """What to make."""

    final: str = Field("final", description="the ensemble that is the product")
    train: str = Field("train", description="the split that models learn from")
    evaluate: tuple[str, ...] = Field(
        ("validate",), description="splits with labels, to score every graph on"
    )
    predict: tuple[str, ...] = Field((), description="splits to predict with the final ensemble")
    models: tuple[str, ...] = Field(
        (), description="models to make beyond the members of ensembles"
    )

    def problems(self):
        """All graphs are compared on some split."""
        if not self.evaluate:
            yield "evaluate", "is empty; name a split with labels, by which all graphs are compared"
