"""Settings of a generated dataset, checked once."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from yt8m.data.schema import Schema
from yt8m.errors import ConfigError
from yt8m.recipes import SEED

MOST_SHARDS = 99_999
"""Of a split: their numbers have five digits in names of files."""


@dataclass(frozen=True)
class Generate:
    """A dataset to generate.

    seed: fixes everything.
    splits: name -> (shards, videos of all shards together).
    frames_min, frames_max: length of videos in frames (seconds); YouTube-8M: 120 and 300.
    dummies: split -> share of videos that are filler: no labels, means near 0. By default half of a
        split called `test`.
    mean_signal: strength of what labels leave in a video's mean; 1 puts the centre of a label's
        videos as far out as measured.
    look_alikes: share (0 to 1) of that which a label has in common with two or three others.
    scene_signal: share (0 to 1) of a scene's variance that belongs to the label on screen.
    scene_kinds: kinds of scenes; a label looks different in each, and on average like nothing.
    on_screen: probability that a scene shows one of the video's labels.
    unseen: probability that a label is not to be seen in its video at all.
    unlabelled: mean number of labels to be seen in a video that it does not carry.
    """

    seed: int = field(default=0, metadata=SEED)
    splits: Mapping[str, tuple[int, int]] = field(
        default_factory=lambda: {"train": (12, 3000), "validate": (4, 1000), "test": (4, 600)}
    )
    frames_min: int = 24
    frames_max: int = 60
    dummies: Mapping[str, float] | None = None
    mean_signal: float = 1.0
    look_alikes: float = 0.75
    scene_signal: float = 0.7
    scene_kinds: int = 2
    on_screen: float = 0.9
    unseen: float = 0.1
    unlabelled: float = 0.4

    def share_of_dummies(self, split: str) -> float:
        """Share of a split's videos that are filler."""
        return ({"test": 0.5} if self.dummies is None else self.dummies).get(split, 0.0)

    def check_for(self, schema: Schema, where: str = "generate") -> None:
        """Raises ConfigError naming the first setting that cannot be, beginning with `where`."""
        _check_splits(self, where)
        if schema.classes < 2:
            raise ConfigError(f"{where}: dataset.classes is {schema.classes}; 2 is the least.")
        check_lengths(self.frames_min, self.frames_max, schema, where)
        for name in ("look_alikes", "scene_signal", "on_screen", "unseen"):
            _check_share(getattr(self, name), f"{where}.{name}")
        for name, most in (("mean_signal", 1000), ("unlabelled", schema.classes)):
            if not 0 <= getattr(self, name) <= most:
                raise ConfigError(
                    f"{where}.{name}: is {getattr(self, name)}; 0 to {most} is needed."
                )
        if not 2 <= self.scene_kinds <= 1000 or self.scene_kinds % 2:
            raise ConfigError(
                f"{where}.scene_kinds: is {self.scene_kinds}; an even number, 2 to 1000, is needed."
            )


def _check_splits(settings: Generate, where: str) -> None:
    if not settings.splits:
        raise ConfigError(f"{where}.splits: is empty; name one, such as train: [12, 3000].")
    for split, (shards, videos) in settings.splits.items():
        if shards > MOST_SHARDS:
            raise ConfigError(f"{where}.splits.{split}: is {shards} shards; at most {MOST_SHARDS}.")
        if not 1 <= shards <= videos:
            raise ConfigError(
                f"{where}.splits.{split}: is {videos} videos in {shards} shards; "
                "1 shard or more is needed, and a video for each."
            )
    for split, share in (settings.dummies or {}).items():
        if split not in settings.splits:
            names = ", ".join(settings.splits)
            raise ConfigError(f"{where}.dummies.{split}: no such split; there are {names}.")
        _check_share(share, f"{where}.dummies.{split}")


def _check_share(value: float, where: str) -> None:
    if not 0 <= value <= 1:
        raise ConfigError(f"{where}: is {value}; a share from 0 to 1 is needed.")


def check_lengths(frames_min: int, frames_max: int, schema: Schema, where: str) -> None:
    """Raises ConfigError unless videos of these lengths (in frames) fit the schema."""
    if not 1 <= frames_min <= frames_max <= schema.max_frames:
        raise ConfigError(
            f"{where}: frames_min is {frames_min} and frames_max {frames_max}; "
            f"1 <= frames_min <= frames_max <= {schema.max_frames} (dataset.max_frames) must hold."
        )
