"""The settings of the steps after training, and of what a run makes."""

from typing import Annotated, Literal

from pydantic import Field

from yt8m.config.training import BatchSize
from yt8m.config.validation import Validation
from yt8m.protocols import Quantiser
from yt8m.recipes import one_of
from yt8m.strict import settings


@settings
class Quantisation:
    """How the final weights are stored."""

    quantiser: Quantiser = one_of(
        "yt8m.compression.quantisers", "uniform", "how a variable's values are quantised"
    )
    min_elements: int = Field(
        17_000, ge=0, description="variables with more elements than this are quantised"
    )


@settings
class Distillation:
    """How a teacher's predictions on the training split are stored."""

    layout: Literal["soft_labels", "full"] = Field(
        "soft_labels",
        description='"soft_labels": predictions alone, read along with the source; "full": whole '
        "records with frames",
    )
    keep: int = Field(
        900,
        ge=1,
        description="predictions per video kept by `soft_labels`; the remaining probability is "
        "spread evenly",
    )
    shards_per_job: Literal[1, 10, 100] = Field(
        1,
        description="shards per job; a job should take minutes, since an interrupted job "
        "starts again. A change writes all shards again",
    )


@settings
class Inference:
    """How graphs are evaluated and predict."""

    batch_size: BatchSize = Field(256, description="videos per step")
    top_k: int = Field(
        20, ge=1, description="predictions per video that count in GAP and are stored"
    )
    skip_dummies: bool = Field(
        False, description="skip videos whose mean_rgb varies by less than 0.1 (standard deviation)"
    )


@settings
class Decision:
    """How the threshold is chosen from which a video gets a class's label."""

    split: str | None = Field(
        None,
        description="one of run.evaluate, but not the training split; by default the first such",
    )
    precision: Annotated[float, Field(gt=0, le=1)] | None = Field(
        None,
        description="choose the lowest threshold with this precision; by default that with the "
        "best F1",
    )
    min_positives: int = Field(
        10,
        ge=1,
        description="classes with fewer positives get the threshold of all classes pooled, since "
        "the best one of a few videos is that of chance",
    )


@settings
class Confidence:
    """How confidence intervals of metrics and of their differences are computed."""

    resamples: int = Field(
        1000, ge=100, description="times that the videos are drawn again, with replacement"
    )
    level: Annotated[float, Field(gt=0, lt=1)] = Field(
        0.95, description="share of intervals that hold the truth"
    )
    seed: int = Field(0, ge=0, description="of the draws")


@settings
class Run:
    """What to make."""

    final: str = Field("final", description="the ensemble to deliver")
    train: str = Field("train", description="split to train on")
    evaluate: tuple[str, ...] = Field(
        ("validate",), description="labelled splits to evaluate every graph on"
    )
    predict: tuple[str, ...] = Field((), description="splits to predict with the final ensemble")
    decide: Decision = Field(
        default_factory=Decision, description="how the thresholds of classes are chosen"
    )
    confidence: Confidence = Field(
        default_factory=Confidence, description="how confidence intervals are computed"
    )
    models: tuple[str, ...] = Field(
        (), description="models to make besides the members of ensembles"
    )

    def problems(self):
        """There must be a split to compare all graphs on."""
        if not self.evaluate:
            yield "evaluate", "is empty; name a labelled split to compare all graphs on"
        if self.evaluate and self.decide.split == self.train:
            yield "decide.split", f"is {self.train!r}, which models are trained on; name another"
        elif self.decide.split not in (None, *self.evaluate):
            yield "decide.split", f"is {self.decide.split!r}; name one of evaluate: {self._others}"

    @property
    def decided(self) -> str | None:
        """The split that thresholds are chosen on; None if only the training split is evaluated."""
        return self.decide.split or self.held_out

    def validated_on(self, settings: Validation) -> str | None:
        """The split that a model is validated on; None if only the training split is evaluated."""
        return settings.split or self.held_out

    @property
    def held_out(self) -> str | None:
        """The first evaluated split besides the training split, if any."""
        return next(iter(self._others), None)

    @property
    def _others(self) -> list[str]:
        return [split for split in self.evaluate if split != self.train]
