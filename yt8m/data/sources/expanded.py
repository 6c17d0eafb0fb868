"""Frame-level shards, made from video-level ones."""

from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from pydantic import Field

from yt8m.data.schema import Schema
from yt8m.data.sources.files import Files
from yt8m.data.sources.limits import check_lengths
from yt8m.errors import ConfigError
from yt8m.strict import Seed, settings


@settings
class Recipe(Files):
    """Frame-level shards made from video-level ones: same labels and means, random movement."""

    makes_shards: ClassVar[bool] = True

    seed: Seed = Field(0, description="seed; a video's frames depend on it and on the video's id")
    frames_min: int = Field(120, ge=1, description="minimum length of a video in frames (seconds)")
    frames_max: int = Field(300, ge=1, description="maximum length of a video in frames")

    def inputs(self, split: str, shard: int) -> list[str]:
        """The video-level shard."""
        return [self.shard_paths(split)[shard]]

    def for_shard(self, split: str, shard: int) -> tuple["Recipe", int]:
        """The source of only this file."""
        return replace(self, files={split: (self.shard_paths(split)[shard],)}), 0

    def make_shard(self, split: str, shard: int, schema: Schema, out: Path) -> None:
        """Write the frame-level shard for a video-level one."""
        from yt8m.data.expand import expand_shard

        self.check_schema(schema, "dataset.source")
        expand_shard(Path(self.shard_paths(split)[shard]), out, schema, self)

    def check_schema(self, schema: Schema, where: str) -> None:
        """Raises ConfigError for the video layout, or impossible lengths."""
        if schema.layout != "frame":
            raise ConfigError(
                f"{where}.kind: is 'expanded', which makes frame-level records, but dataset.layout "
                f"is '{schema.layout}'; to use video-level shards unchanged, set the kind to "
                "'records'"
            )
        check_lengths(self.frames_min, self.frames_max, schema, where)
