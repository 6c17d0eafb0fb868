"""The embedded dataset: videos with the statistics of YouTube-8M, generated from a seed."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from pydantic import Field

from yt8m.data.schema import Schema
from yt8m.data.sources.limits import MOST_SHARDS, check_lengths
from yt8m.errors import ConfigError
from yt8m.strict import Seed, Share, settings


@settings
class Recipe:
    """The embedded dataset: videos with the statistics of YouTube-8M, generated from a seed."""

    makes_shards: ClassVar[bool] = True

    seed: Seed = Field(0, description="seed of all random choices")
    splits: Mapping[str, tuple[int, int]] = Field(
        default_factory=lambda: {"train": (12, 3000), "validate": (4, 1000), "test": (4, 600)},
        description="split -> [number of shards, total number of videos]",
    )
    frames_min: int = Field(
        24, ge=1, description="minimum length of a video in frames (seconds); YouTube-8M: 120"
    )
    frames_max: int = Field(
        60, ge=1, description="maximum length of a video in frames; YouTube-8M: 300"
    )
    dummies: Mapping[str, Share] | None = Field(
        None,
        description="split -> share of dummies, without labels and with means near 0. By default "
        "half of a split named `test`",
    )
    mean_signal: float = Field(
        1.0,
        ge=0,
        le=1000,
        description="strength of labels in a video's mean; at 1, the centroids of labels are as "
        "far out as measured",
    )
    look_alikes: Share = Field(
        0.75, description="share of a label's pattern in common with two or three other labels"
    )
    scene_signal: Share = Field(
        0.7, description="share of a scene's variance due to the label on screen"
    )
    scene_kinds: int = Field(
        2,
        ge=2,
        le=1000,
        multiple_of=2,
        description="number of kinds of scenes, even; a label looks different in each, with an "
        "average of zero",
    )
    on_screen: Share = Field(
        0.9, description="probability that a scene shows one of the video's labels"
    )
    unseen: Share = Field(0.1, description="probability that a label is not visible in its video")
    unlabelled: float = Field(
        0.4,
        ge=0,
        description="mean number of visible but missing labels per video",
    )

    def shards(self) -> dict[str, int]:
        """Split -> number of shards."""
        return {split: shards for split, (shards, _) in self.splits.items()}

    def shard_paths(self, split: str) -> tuple[str, ...]:
        """No files: everything is generated."""
        return ()

    def inputs(self, split: str, shard: int) -> list[str]:
        """No files."""
        return []

    def for_shard(self, split: str, shard: int) -> tuple["Recipe", int]:
        """The same with this split alone."""
        dummies = self.dummies and {s: d for s, d in self.dummies.items() if s == split}
        return replace(self, splits={split: self.splits[split]}, dummies=dummies), shard

    def make_shard(self, split: str, shard: int, schema: Schema, out: Path) -> None:
        """Write one shard of a split; its content depends on (seed, split, shard) only."""
        from yt8m.data.generate.shards import generate_shard

        self.check_schema(schema, "dataset.source")
        _check_asked(self, split, shard)
        generate_shard(self, schema, split, shard, out)

    def share_of_dummies(self, split: str) -> float:
        """Share of dummies in a split."""
        return ({"test": 0.5} if self.dummies is None else self.dummies).get(split, 0.0)

    def problems(self) -> Iterator[tuple[str, str]]:
        """Splits must have shards with videos, and shares must be of defined splits."""
        if not self.splits:
            yield "splits", "is empty; name one, such as train: [12, 3000]"
        for split, (shards, videos) in self.splits.items():
            if shards > MOST_SHARDS:
                yield f"splits.{split}", f"has {shards:,} shards; at most {MOST_SHARDS:,}"
            elif not 1 <= shards <= videos:
                text = (
                    f"has {videos} videos in {shards} shards; needs at least 1 shard, and a "
                    "video per shard"
                )
                yield f"splits.{split}", text
        for split in (self.dummies or {}).keys() - self.splits.keys():
            yield f"dummies.{split}", f"no such split; defined: {', '.join(self.splits)}"

    def check_schema(self, schema: Schema, where: str) -> None:
        """Raises ConfigError, prefixed with `where`, for the first impossible setting."""
        if schema.classes < 2:
            raise ConfigError(f"{where}: dataset.classes is {schema.classes}; at least 2.")
        check_lengths(self.frames_min, self.frames_max, schema, where)
        if self.unlabelled > schema.classes:
            raise ConfigError(
                f"{where}.unlabelled: is {self.unlabelled}; at most dataset.classes, "
                f"{schema.classes}"
            )


def _check_asked(source: Recipe, split: str, shard: int) -> None:
    if split not in source.splits:
        names = ", ".join(source.splits)
        raise ConfigError(f"dataset.source.splits: has no {split!r}; defined: {names}.")
    if not 0 <= shard < (shards := source.splits[split][0]):
        raise ConfigError(
            f"dataset.source.splits.{split}: has {shards} shards, numbered from 0; "
            f"there is no {shard}."
        )
