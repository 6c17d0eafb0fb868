"""What sources of given shards share: the workflow makes none of them."""

from pathlib import Path
from typing import ClassVar

from yt8m.data.schema import Schema
from yt8m.errors import ConfigError
from yt8m.recipes import kind_of


class Given:
    """A source whose shards exist, here or on a server."""

    makes_shards: ClassVar[bool] = False

    def inputs(self, split: str, shard: int) -> list[str]:
        """No files, since nothing is made."""
        return []

    def for_shard(self, split: str, shard: int) -> tuple["Given", int]:
        """The source itself."""
        return self, shard

    def make_shard(self, split: str, shard: int, schema: Schema, out: Path) -> None:
        """Raises ConfigError, since the shards are given."""
        raise ConfigError(
            f"dataset.source.kind: is {kind_of(self)!r}, whose shards are given files; give no "
            "shard to make"
        )

    def check_schema(self, schema: Schema, where: str) -> None:
        """Nothing to check before the records are read."""
