"""Shards of records as they are."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from yt8m.data.schema import Schema
from yt8m.data.sources.files import Files
from yt8m.errors import ConfigError


@dataclass(frozen=True)
class Recipe(Files):
    """TFRecord shards of your own, read where they lie."""

    makes_shards: ClassVar[bool] = False

    def inputs(self, split: str, shard: int) -> list[str]:
        """None, since nothing is made."""
        return []

    def for_shard(self, split: str, shard: int) -> tuple["Recipe", int]:
        """The source itself."""
        return self, shard

    def make_shard(self, split: str, shard: int, schema: Schema, out: Path) -> None:
        """Raises ConfigError: the shards are there."""
        raise ConfigError("dataset.source.kind: is 'records', whose shards are given, not made")

    def check_schema(self, schema: Schema, where: str) -> None:
        """Whether records suit the schema, reading them tells."""
