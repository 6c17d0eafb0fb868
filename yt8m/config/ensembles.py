"""The settings of an ensemble: members, their weights, and its byte budget."""

from collections.abc import Collection, Iterator, Mapping
from typing import Literal

from pydantic import Field

from yt8m.config.best import Best
from yt8m.config.compression import Compression
from yt8m.config.sizes import Size
from yt8m.member_weights import sum_problem
from yt8m.mistakes import number
from yt8m.paths import FilePath
from yt8m.strict import Penalty, Seed, settings


@settings
class WeightLearning:
    """How the weights of an ensemble's members are learned from their predictions."""

    split: str = Field("validate", description="labelled split to learn on; not the training split")
    objective: Literal["gap", "loss"] = Field(
        "gap", description='objective of the weights: "gap" (GAP) or "loss" (cross-entropy)'
    )
    videos: int = Field(
        20_000, description="use at most this many videos, the first ones of the split"
    )
    folds: int = Field(
        5,
        ge=2,
        description="cross-validation folds; learned weights are only used if they beat the "
        "weights of `members` on held-out folds",
    )
    pull: Penalty = Field(
        0.001,
        description="regularisation towards the weights of `members`: relative improvement of "
        "the objective required per nat of relative entropy. Replacing two equal members by one "
        "of them is 0.69 nats, so 0.001 requires 0.07 %",
    )
    seed: Seed = Field(1, description="seed of the assignment of videos to folds")

    def problems(self) -> Iterator[tuple[str, str]]:
        """Each fold must hold a video."""
        if self.videos < self.folds:
            yield (
                "videos",
                (f"is {self.videos}; each fold needs a video, so give {self.folds} or more"),
            )


@settings
class Ensemble:
    """A weighted mean of models as one graph: `members`, the `best` of some, or from `folder`."""

    members: Mapping[str, float] = Field(
        default_factory=dict, description="model -> weight; weights sum to 1"
    )
    best: Best | None = Field(
        None,
        description="instead of `members`: choose them during the run; their weights are equal",
    )
    learn: WeightLearning | None = Field(
        None, description="learn the members' weights; `{}` for the defaults"
    )
    folder: FilePath | None = Field(
        None, description="instead of `members`: folder of an ensemble to import from another run"
    )
    stage: Literal["trained", "ema", "quantised"] = Field(
        "quantised", description="stage of the members' weights"
    )
    budget_bytes: Size | None = Field(
        None, description="maximum size of the graph on disk: bytes, or `5 MB`, `1 GiB`"
    )
    compress: Compression | None = Field(
        None,
        description="choose an encoding for each variable so that the ensemble fits "
        "`budget_bytes` with the least loss; `stage` is then ignored",
    )
    decode: Literal["at_load", "per_call"] = Field(
        "at_load",
        description="when to decode quantised variables: once, when the graph is loaded (fast), "
        "or in every call (saves memory); size on disk and predictions are the same",
    )
    raw: bool = Field(
        True,
        description="if `dataset.source` reads arrays or videos: whether the graph also takes an "
        "extractor's values, as its signature `raw`. It then contains the projections, which count "
        "in `budget_bytes`: 4 bytes per value, so 5.2 MB from 1,280 values to 1,024",
    )

    @property
    def is_imported(self) -> bool:
        """Whether it is imported from another run."""
        return self.folder is not None

    @property
    def source_stage(self) -> str:
        """Stage of the members' weights that it is made from."""
        return self.compress.stage if self.compress else self.stage

    @property
    def candidates(self) -> Collection[str]:
        """All models that can be members: the members, or those that they are chosen from."""
        return self.best.of if self.best else self.members

    @property
    def count(self) -> int:
        """The number of members; 0 if it is imported."""
        return self.best.count if self.best else len(self.members)

    def problems(self) -> Iterator[tuple[str, str]]:
        """It has members, chosen or not, or a folder, and only settings that apply to it."""
        if [bool(self.members), self.best is not None, self.is_imported].count(True) != 1:
            yield (
                "",
                (
                    "give either `members` (models), `best` (to choose them) or the `folder` of an "
                    "ensemble to import"
                ),
            )
        if self.learn is not None and self.is_imported:
            yield "learn", "applies to `members` only; an imported ensemble already has its weights"
        for name, weight in self.members.items():
            if weight <= 0:
                yield f"members.{name}", f"is {number(weight)}; must be more than 0"
        if self.members and (problem := sum_problem(self.members.values())):
            listed = ", ".join(f"{name} {number(w)}" for name, w in self.members.items())
            yield "members", f"{problem}: {listed}"
        if self.compress is not None and (self.budget_bytes is None or self.is_imported):
            yield "compress", "needs `budget_bytes` and `members`"
