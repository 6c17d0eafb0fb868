"""The settings of an ensemble: members, how their weights are found, and what it may weigh."""

from collections.abc import Iterator, Mapping
from typing import Literal

from pydantic import Field

from yt8m.config.compression import Compression
from yt8m.config.sizes import Size
from yt8m.member_weights import sum_problem
from yt8m.paths import FilePath
from yt8m.strict import Penalty, Seed, settings


@settings
class WeightLearning:
    """How the weights of an ensemble's members are learnt from what they predict."""

    split: str = Field(
        "validate", description="with labels, and not the one that models learn from"
    )
    objective: Literal["gap", "loss"] = Field(
        "gap", description='what the weights make best: "gap" (GAP) or "loss" (cross-entropy)'
    )
    videos: int = Field(20_000, description="at most so many of the split, the first ones")
    folds: int = Field(
        5,
        ge=2,
        description="parts of these videos; each is scored with weights learnt on the others. Only "
        "if that beats the weights of `members` are learnt ones taken",
    )
    pull: Penalty = Field(
        0.001,
        description="towards the weights of `members`: the share of itself by which the objective "
        "must get better for each nat of relative entropy. Leaving two equal members for one of "
        "them is 0.69 nats, so 0.001 asks for 0.07 %",
    )
    seed: Seed = Field(1, description="of which videos make a fold")

    def problems(self) -> Iterator[tuple[str, str]]:
        """Each fold holds a video."""
        if self.videos < self.folds:
            yield "videos", f"is {self.videos}; a fold needs a video, so {self.folds} or more"


@settings
class Ensemble:
    """A weighted mean of models as one graph: made here of `members`, or ready in a `folder`."""

    members: Mapping[str, float] = Field(
        default_factory=dict, description="model -> weight; they sum to 1"
    )
    learn: WeightLearning | None = Field(
        None, description="how to find better weights than these; `{}` for the defaults"
    )
    folder: FilePath | None = Field(
        None, description="in place of `members`: of an ensemble that was made elsewhere"
    )
    stage: Literal["trained", "ema", "quantised"] = Field(
        "quantised", description="state of the members' weights"
    )
    budget_bytes: Size | None = Field(
        None, description="the graph on disk must not be larger: bytes, or `5 MB`, `1 GiB`"
    )
    compress: Compression | None = Field(
        None,
        description="choose how each variable is stored, so that the ensemble fits `budget_bytes` "
        "and loses as little as can be; `stage` does not matter then",
    )
    decode: Literal["at_load", "per_call"] = Field(
        "at_load",
        description="when codes become floats: once, when the graph is loaded (fast), or in each "
        "call (small in memory); on disk they are codes, and the predictions are the same",
    )

    @property
    def is_imported(self) -> bool:
        """Whether it was made elsewhere."""
        return self.folder is not None

    @property
    def source_stage(self) -> str:
        """State of the members' weights that it begins with."""
        return self.compress.stage if self.compress else self.stage

    def problems(self) -> Iterator[tuple[str, str]]:
        """It has either members or a folder, and words that go with that."""
        if bool(self.members) == self.is_imported:
            yield "", "give either `members` (models) or the `folder` of a ready ensemble"
        if self.learn is not None and self.is_imported:
            yield "learn", "is for `members`; a ready ensemble has its weights"
        for name, weight in self.members.items():
            if weight <= 0:
                yield f"members.{name}", f"is {weight}; more than 0"
        if self.members and (problem := sum_problem(self.members.values())):
            yield "members", problem
        if self.compress is not None and (self.budget_bytes is None or self.is_imported):
            yield "compress", "fits members into `budget_bytes`: give that, and `members`"
