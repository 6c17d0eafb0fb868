"""Given shards of records, used unchanged."""

from pathlib import Path
from typing import ClassVar

from yt8m.data.schema import Schema
from yt8m.data.sources.files import Files
from yt8m.errors import ConfigError
from yt8m.strict import settings


@settings
class Recipe(Files):
    """Your own TFRecord shards, read in place."""

    makes_shards: ClassVar[bool] = False

    def inputs(self, split: str, shard: int) -> list[str]:
        """No files, since nothing is made."""
        return []

    def for_shard(self, split: str, shard: int) -> tuple["Recipe", int]:
        """The source itself."""
        return self, shard

    def make_shard(self, split: str, shard: int, schema: Schema, out: Path) -> None:
        """Raises ConfigError, since the shards are given."""
        raise ConfigError(
            "dataset.source.kind: is 'records', whose shards are given files; give no shard to make"
        )

    def check_schema(self, schema: Schema, where: str) -> None:
        """Nothing to check before the records are read."""
