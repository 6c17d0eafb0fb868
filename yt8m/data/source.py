"""What a source of records offers: the settings `dataset.source`, asked by the workflow."""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Protocol

from yt8m.data.schema import Schema

MOST_SHARDS = 99_999
"""Of a split: their numbers have five digits in names of files."""


class Source(Protocol):
    """Shards of records by split: files that are given, or files that the workflow writes.

    Planning asks everything but `make_shard`, so what writes shards is imported inside that.
    """

    makes_shards: ClassVar[bool]
    """Whether the workflow writes the shards. If not, the files given are the shards."""

    def shards(self) -> Mapping[str, int]:
        """Split -> how many shards it has."""

    def shard_paths(self, split: str) -> tuple[str, ...]:
        """The files that a split is given by, patterns and variables filled in; often none."""

    def inputs(self, split: str, shard: int) -> list[str]:
        """The files that making one shard reads."""

    def for_shard(self, split: str, shard: int) -> tuple["Source", int]:
        """A source that can make this shard, and the shard's number there.

        It holds no more than that shard depends on: its settings fit on a command line, and stay
        the same when files of other shards come or go.
        """

    def make_shard(self, split: str, shard: int, schema: Schema, out: Path) -> None:
        """Write one shard, complete or not at all.

        Raises ConfigError for a split or shard that there is not, or settings that do not suit the
        schema; RecordError for inputs that cannot be used.
        """

    def check_schema(self, schema: Schema, where: str) -> None:
        """Raises ConfigError, beginning with `where`, for settings that do not suit the schema."""
