"""The settings of an ensemble: members, how their weights are found, and what it may weigh."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from yt8m.config.compression import Compression
from yt8m.config.settings import PENALTY, require
from yt8m.paths import PATH
from yt8m.recipes import SEED


@dataclass(frozen=True)
class Weighing:
    """How the weights of an ensemble's members are learnt from what they predict."""

    split: str = "validate"  # with labels, and not the one that models learn from
    objective: str = field(default="gap", metadata={"choices": ("gap", "loss")})
    # what the weights make best: "gap" (GAP) or "loss" (cross-entropy)
    videos: int = 20_000  # at most so many of the split, the first ones
    folds: int = 5  # parts of these videos; each is scored with weights learnt on the others. Only
    # if that beats the weights of `members` are learnt ones taken
    pull: float = field(default=0.001, metadata=PENALTY)
    # towards the weights of `members`: the share of itself by which the objective must get better
    # for each nat of relative entropy. Leaving two equal members for one of them is 0.69 nats, so
    # 0.001 asks for 0.07 %
    seed: int = field(default=1, metadata=SEED)  # of which videos make a fold

    def check(self, where: str) -> None:
        """Raises ConfigError for values that cannot work."""
        require(self.folds >= 2, f"{where}.folds", f"is {self.folds}; 2 or more")
        problem = f"is {self.videos}; a fold needs a video, so {self.folds} or more"
        require(self.videos >= self.folds, f"{where}.videos", problem)


@dataclass(frozen=True)
class Ensemble:
    """A weighted mean of models as one graph: made here of `members`, or ready in a `folder`."""

    members: Mapping[str, float] = field(default_factory=dict)  # model -> weight; they sum to 1
    learn: Weighing | None = None  # how to find better weights than these; `{}` for the defaults
    folder: str | None = field(default=None, metadata=PATH)
    # in place of `members`: of an ensemble that was made elsewhere
    stage: str = field(default="quantised", metadata={"choices": ("trained", "ema", "quantised")})
    # state of the members' weights: trained, ema or quantised
    budget_bytes: int | None = None  # the graph on disk must not be larger
    compress: Compression | None = None  # choose how each variable is stored, so that the ensemble
    # fits `budget_bytes` and loses as little as can be; `stage` does not matter then
    decode: str = field(default="at_load", metadata={"choices": ("at_load", "per_call")})
    # when codes become floats: once, when the graph is loaded (fast), or in each call (small in
    # memory); on disk they are codes, and the predictions are the same

    @property
    def is_ready(self) -> bool:
        """Whether it was made elsewhere."""
        return self.folder is not None

    @property
    def source_stage(self) -> str:
        """State of the members' weights that it begins with."""
        return self.compress.stage if self.compress else self.stage

    def check(self, where: str) -> None:
        """Raises ConfigError for values that cannot work."""
        one = bool(self.members) != (self.folder is not None)
        require(one, where, "give either `members` (models) or the `folder` of a ready ensemble")
        problem = "is for `members`; a ready ensemble has its weights"
        require(self.learn is None or not self.is_ready, f"{where}.learn", problem)
        for name, weight in self.members.items():
            require(weight > 0, f"{where}.members.{name}", f"is {weight}; more than 0")
        total = sum(self.members.values())
        problem = f"the weights sum to {total:.6g}; they must sum to 1"
        require(self.is_ready or abs(total - 1) <= 1e-4, f"{where}.members", problem)
        budget = self.budget_bytes
        require(budget is None or budget > 0, f"{where}.budget_bytes", f"is {budget}; above 0")
        if self.compress is not None:
            problem = "fits members into `budget_bytes`: give that, and `members`"
            fits = budget is not None and not self.is_ready
            require(fits, f"{where}.compress", problem)
