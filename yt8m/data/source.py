"""The protocol of a source of records: the setting `dataset.source`, used by the workflow."""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Protocol

from yt8m.data.schema import Schema

MOST_SHARDS = 99_999
"""Most shards of a split: their numbers have five digits in file names."""


class Source(Protocol):
    """Shards of records by split: given files, or files that the workflow makes.

    Planning calls everything but `make_shard`, so modules that write shards are imported inside it.
    """

    makes_shards: ClassVar[bool]
    """Whether the workflow makes the shards. If not, the given files are the shards."""

    def shards(self) -> Mapping[str, int]:
        """Split -> number of shards."""

    def shard_paths(self, split: str) -> tuple[str, ...]:
        """The given files of a split, with patterns and variables expanded; possibly none."""

    def inputs(self, split: str, shard: int) -> list[str]:
        """The files that making one shard reads."""

    def for_shard(self, split: str, shard: int) -> tuple["Source", int]:
        """A source that can make this shard, and the shard's number in it.

        It contains only what the shard depends on: its settings fit on a command line, and do not
        change when files of other shards are added or removed.
        """

    def make_shard(self, split: str, shard: int, schema: Schema, out: Path) -> None:
        """Write one shard atomically.

        Raises ConfigError for an undefined split or shard, or settings that do not suit the schema;
        RecordError for invalid inputs.
        """

    def check_schema(self, schema: Schema, where: str) -> None:
        """Raises ConfigError, prefixed with `where`, for settings that do not suit the schema."""
