"""The settings `compress` of an ensemble: how its members are made to fit a number of bytes."""

from dataclasses import dataclass, field
from typing import Any

from yt8m.config.settings import RATE, require
from yt8m.recipes import some_of


@dataclass(frozen=True)
class Recovery:
    """What wins back some of what compressing a member loses; all of it off by default."""

    batch_norm_videos: int = 0  # estimate batch norm's statistics afresh, with the weights as they
    # are stored, on so many videos of the training split; 0: keep them
    epochs: int = field(default=0, metadata={"range": (0, 10**6)})
    # passes over the training split in which codebooks and float32 variables learn on, while the
    # codes stay; 0: none
    learning_rate: float = field(default=1e-4, metadata=RATE)  # of those passes

    @property
    def is_needed(self) -> bool:
        """Whether anything is to be done."""
        return self.batch_norm_videos > 0 or self.epochs > 0

    def check(self, where: str) -> None:
        """Raises ConfigError for values that cannot work."""
        videos = self.batch_norm_videos
        require(videos >= 0, f"{where}.batch_norm_videos", f"is {videos}; 0 or more")


def _bits(kind: str, *bits: int) -> tuple[dict[str, Any], ...]:
    return tuple({"kind": kind, "bits": b} for b in bits)


# Where few weights are large, as in a logistic classifier, they count for more than their squared
# error says; uniform levels reach them better.
WAYS = (*_bits("kmeans", 2, 3, 4, 5, 6, 7, 8), *_bits("uniform", 3, 4, 5))


@dataclass(frozen=True)
class Compression:
    """How members are stored so that they fit `budget_bytes`: each variable in a way of its own."""

    quantisers: Any = some_of("yt8m.compression.quantisers", *WAYS)
    # ways to store a variable, to choose from; float32 is always one of them
    stage: str = field(default="ema", metadata={"choices": ("trained", "ema")})
    # state of the members' weights before
    min_elements: int = 2000  # variables with more elements than this have a choice
    split: str = "train"  # the choice is made by how predictions on it move; labels are not used
    videos: int = 500  # of that split, drawn by chance
    recovery: Recovery = Recovery()  # what is done for the members afterwards
    sweep: tuple[float, ...] = ()  # for the report: the same for other budgets, as shares of the
    # bytes that 8 bits for every variable of more than 17,000 elements would take

    def check(self, where: str) -> None:
        """Raises ConfigError for values that cannot work."""
        require(bool(self.quantisers), f"{where}.quantisers", "is empty; name at least one")
        for name, least in (("min_elements", 0), ("videos", 1)):
            value = getattr(self, name)
            require(value >= least, f"{where}.{name}", f"is {value}; {least} or more")
        for share in self.sweep:
            require(share > 0, f"{where}.sweep", f"holds {share}; more than 0")
