"""The settings `training.validate`: measurements on another split while a model trains."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from yt8m.alternatives import Alternatives, problems_of
from yt8m.strict import settings

INTERVAL = Alternatives(("every", "every_epochs"))


@settings
class Validation:
    """GAP and loss of a model on a fixed sample of videos, while it trains and is averaged."""

    ALTERNATIVES: ClassVar = (INTERVAL,)

    every: Annotated[int, Field(ge=1)] | None = Field(
        None, description="steps between two measurements; the last step is always measured"
    )
    every_epochs: Annotated[float, Field(gt=0, le=10**6)] | None = Field(
        None, description="instead of `every`: epochs between two; by default 1"
    )
    videos: int = Field(
        1000,
        ge=1,
        description="size of the sample, the same for every model; all videos if there are fewer",
    )
    split: str | None = Field(
        None,
        description="a labelled split; by default the first of run.evaluate that is not trained on",
    )
    keep: Literal["last", "best"] = Field(
        "last", description="which weights a phase results in: the last, or those of the best GAP"
    )
    patience: Annotated[int, Field(ge=1)] | None = Field(
        None, description="stop after this many measurements in a row without a better GAP"
    )

    def problems(self) -> Iterator[tuple[str, str]]:
        """The interval is given in one way."""
        yield from problems_of(self)
