"""The embedded dataset: videos with the statistics of YouTube-8M, made from a seed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from yt8m.data.schema import Schema
from yt8m.data.source import MOST_SHARDS
from yt8m.data.sources.lengths import check_lengths
from yt8m.errors import ConfigError
from yt8m.recipes import SEED


@dataclass(frozen=True)
class Recipe:
    """An embedded dataset: videos with the statistics of YouTube-8M, made from a seed."""

    makes_shards: ClassVar[bool] = True

    seed: int = field(default=0, metadata=SEED)  # fixes everything
    splits: Mapping[str, tuple[int, int]] = field(
        default_factory=lambda: {"train": (12, 3000), "validate": (4, 1000), "test": (4, 600)}
    )
    # split -> [shards, videos of all shards together]
    frames_min: int = 24  # least length of a video in frames (seconds); YouTube-8M: 120
    frames_max: int = 60  # its greatest length; YouTube-8M: 300
    dummies: Mapping[str, float] | None = None
    # split -> share of videos that are filler: no labels, means near 0. By default half of a split
    # called `test`
    mean_signal: float = 1.0  # strength of what labels leave in a video's mean; 1 puts the centre
    # of a label's videos as far out as measured
    look_alikes: float = 0.75  # share (0 to 1) of that which a label has in common with two or
    # three others
    scene_signal: float = 0.7  # share (0 to 1) of a scene's variance that belongs to the label on
    # screen
    scene_kinds: int = 2  # kinds of scenes; a label looks different in each, and on average like
    # nothing
    on_screen: float = 0.9  # probability that a scene shows one of the video's labels
    unseen: float = 0.1  # probability that a label is not to be seen in its video at all
    unlabelled: float = 0.4  # mean number of labels to be seen in a video that it does not carry

    def shards(self) -> dict[str, int]:
        """Split -> how many shards it has."""
        return {split: shards for split, (shards, _) in self.splits.items()}

    def given(self, split: str) -> tuple[str, ...]:
        """No files: all of it is made."""
        return ()

    def inputs(self, split: str, shard: int) -> list[str]:
        """None either."""
        return []

    def for_shard(self, split: str, shard: int) -> tuple["Recipe", int]:
        """The source itself."""
        return self, shard

    def make_shard(self, split: str, shard: int, schema: Schema, out: Path) -> None:
        """Write one shard of a split; its content depends on (seed, split, shard) alone."""
        from yt8m.data.generate.shards import generate_shard

        self.check_schema(schema, "dataset.source")
        _check_asked(self, split, shard)
        generate_shard(self, schema, split, shard, out)

    def share_of_dummies(self, split: str) -> float:
        """Share of a split's videos that are filler."""
        return ({"test": 0.5} if self.dummies is None else self.dummies).get(split, 0.0)

    def check_schema(self, schema: Schema, where: str) -> None:
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


def _check_asked(source: Recipe, split: str, shard: int) -> None:
    if split not in source.splits:
        names = ", ".join(source.splits)
        raise ConfigError(f"dataset.source.splits: holds no {split!r}; there are {names}.")
    if not 0 <= shard < (shards := source.splits[split][0]):
        raise ConfigError(f"dataset.source.splits.{split}: has {shards} shards; no number {shard}.")


def _check_splits(source: Recipe, where: str) -> None:
    if not source.splits:
        raise ConfigError(f"{where}.splits: is empty; name one, such as train: [12, 3000].")
    for split, (shards, videos) in source.splits.items():
        if shards > MOST_SHARDS:
            raise ConfigError(f"{where}.splits.{split}: is {shards} shards; at most {MOST_SHARDS}.")
        if not 1 <= shards <= videos:
            raise ConfigError(
                f"{where}.splits.{split}: is {videos} videos in {shards} shards; "
                "1 shard or more is needed, and a video for each."
            )
    for split, share in (source.dummies or {}).items():
        if split not in source.splits:
            names = ", ".join(source.splits)
            raise ConfigError(f"{where}.dummies.{split}: no such split; there are {names}.")
        _check_share(share, f"{where}.dummies.{split}")


def _check_share(value: float, where: str) -> None:
    if not 0 <= value <= 1:
        raise ConfigError(f"{where}: is {value}; a share from 0 to 1 is needed.")
