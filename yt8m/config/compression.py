"""The settings `compress` of an ensemble: how its members are made to fit a number of bytes."""

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field

from yt8m.config.training import Rate
from yt8m.recipes import some_of
from yt8m.strict import settings


@settings
class Recovery:
    """What wins back some of what compressing a member loses; all of it off by default."""

    batch_norm_videos: int = Field(
        0,
        ge=0,
        description="estimate batch norm's statistics afresh, with the weights as they are stored, "
        "on so many videos of the training split; 0: keep them",
    )
    epochs: int = Field(
        0,
        ge=0,
        le=10**6,
        description="passes over the training split in which codebooks and float32 variables learn "
        "on, while the codes stay; 0: none",
    )
    learning_rate: Rate = Field(1e-4, description="of those passes")

    @property
    def is_needed(self) -> bool:
        """Whether anything is to be done."""
        return self.batch_norm_videos > 0 or self.epochs > 0


def _bits(kind: str, *bits: int) -> tuple[dict[str, Any], ...]:
    return tuple({"kind": kind, "bits": b} for b in bits)


# Where few weights are large, as in a logistic classifier, they count for more than their squared
# error says; uniform levels reach them better.
ENCODINGS = (*_bits("kmeans", 2, 3, 4, 5, 6, 7, 8), *_bits("uniform", 3, 4, 5))


@settings
class Compression:
    """How members are stored so that they fit `budget_bytes`: each variable in a way of its own."""

    quantisers: Any = some_of(
        "yt8m.compression.quantisers",
        *ENCODINGS,
        description="ways to store a variable, to choose from; float32 is always one of them",
    )
    stage: Literal["trained", "ema"] = Field(
        "ema", description="state of the members' weights before"
    )
    min_elements: int = Field(
        2000, ge=0, description="variables with more elements than this have a choice"
    )
    split: str = Field(
        "train",
        description="the choice is made by how predictions on it move; labels are not used",
    )
    videos: int = Field(500, ge=1, description="of that split, sampled at random")
    recovery: Recovery = Field(
        default_factory=Recovery, description="what is done for the members afterwards"
    )
    sweep: tuple[float, ...] = Field(
        (),
        description="for the report: the same for other budgets, as shares of the bytes that 8 "
        "bits for every variable of more than 17,000 elements would take",
    )

    def problems(self) -> Iterator[tuple[str, str]]:
        """There is something to choose from, and budgets are above 0."""
        if not self.quantisers:
            yield "quantisers", "is empty; name at least one"
        for share in self.sweep:
            if share <= 0:
                yield "sweep", f"holds {share}; more than 0"
