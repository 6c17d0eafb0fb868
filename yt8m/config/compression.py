"""The setting `compress` of an ensemble: how its members are made to fit a byte budget."""

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field

from yt8m.config.training import Rate
from yt8m.protocols import Quantiser
from yt8m.recipes import as_entry, some_of
from yt8m.strict import settings


@settings
class Recovery:
    """Recovery of some of the accuracy that compression loses; off by default."""

    batch_norm_videos: int = Field(
        0,
        ge=0,
        description="re-estimate batch-norm statistics with the compressed weights on this many "
        "training videos; 0: keep them",
    )
    epochs: int = Field(
        0,
        ge=0,
        le=10**6,
        description="fine-tune codebooks and float32 variables, with fixed codes, for this many "
        "passes over the training split; 0: none",
    )
    learning_rate: Rate = Field(1e-4, description="learning rate of fine-tuning")

    @property
    def is_needed(self) -> bool:
        """Whether any recovery is configured."""
        return self.batch_norm_videos > 0 or self.epochs > 0


def bits(kind: str, *numbers: int) -> tuple[dict[str, Any], ...]:
    """Entries of a quantiser with each of these numbers of bits."""
    return tuple({"kind": kind, "bits": b} for b in numbers)


def repeated_values(settings: Any, *words: str) -> Iterator[tuple[str, str]]:
    """A problem for each value that one of these lists contains more than once."""
    for word in words:
        values = getattr(settings, word)
        for place, value in enumerate(values):
            if values[:place].count(value) == 1:
                shown = repr(value) if isinstance(value, str | int | float) else as_entry(value)
                yield word, f"contains {shown} more than once"


# If only a few weights are large, as in a logistic classifier, they matter more than their squared
# error suggests; uniform levels represent them better.
ENCODINGS = (*bits("kmeans", 2, 3, 4, 5, 6, 7, 8), *bits("uniform", 3, 4, 5))


@settings
class Compression:
    """How members are stored to fit `budget_bytes`: each variable in its own encoding."""

    quantisers: tuple[Quantiser, ...] = some_of(
        "yt8m.compression.quantisers",
        *ENCODINGS,
        description="encodings to choose from for each variable; float32 is always one of them",
    )
    stage: Literal["trained", "ema"] = Field(
        "ema", description="stage of the members' weights to compress"
    )
    min_elements: int = Field(
        2000,
        ge=0,
        description="variables with more elements than this are encoded; the others stay float32",
    )
    split: str = Field("train", description="split on which the loss of each encoding is measured")
    guide: Literal["predictions", "labels"] = Field(
        "predictions",
        description='what an encoding must keep: "predictions" (the ranking of classes by the '
        'float32 weights) or "labels" (GAP on the labels of `split`, which must have some: best a '
        "split that was not trained on, and some thousand `videos` of it)",
    )
    videos: int = Field(500, ge=1, description="videos of that split to use, sampled at random")
    recovery: Recovery = Field(
        default_factory=Recovery, description="what to do for the members after compression"
    )
    sweep: tuple[float, ...] = Field(
        (),
        description="other budgets to evaluate for the report, as shares of the size with 8 bits "
        "for every variable of more than 17,000 elements",
    )

    def problems(self) -> Iterator[tuple[str, str]]:
        """There must be encodings to choose from, and budgets above 0."""
        if not self.quantisers:
            yield "quantisers", "is empty; name at least one"
        yield from repeated_values(self, "quantisers", "sweep")
        for share in self.sweep:
            if share <= 0:
                yield "sweep", f"contains {share}; each must be more than 0"
