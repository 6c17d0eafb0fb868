"""What sources that are given by files have in common."""

from collections.abc import Iterator, Mapping
from functools import cached_property

from pydantic import Field

from yt8m.data.source import MOST_SHARDS
from yt8m.errors import ConfigError
from yt8m.paths import for_the_workflow, resolve
from yt8m.strict import settings


@settings
class Files:
    """Shards that are there already, by split."""

    files: Mapping[str, tuple[str, ...]] = Field(
        description="split -> shards, as paths or patterns (* ? [ ])"
    )

    def shards(self) -> dict[str, int]:
        """Split -> how many shards it has."""
        return {split: len(self.shard_paths(split)) for split in self.files}

    def shard_paths(self, split: str) -> tuple[str, ...]:
        """The shards of a split, patterns and variables filled in.

        They are looked up once: a plan must not see files come and go.
        """
        if split not in self._found:
            where = f"dataset.source.files.{split}"
            found = (path for pattern in self.files[split] for path in resolve(pattern, where))
            self._found[split] = tuple(for_the_workflow(path, where) for path in found)
        return self._found[split]

    def problems(self) -> Iterator[tuple[str, str]]:
        """Patterns match something, and not too much."""
        if not self.files:
            yield "files", "is empty; name the shards of a split"
        for split in self.files:
            try:
                found = len(self.shard_paths(split))
            except ConfigError as error:
                yield f"files.{split}", str(error).removeprefix(f"dataset.source.files.{split}: ")
            else:
                if found > MOST_SHARDS:
                    text = f"stands for {found:,} shards; at most {MOST_SHARDS:,}"
                    yield f"files.{split}", text

    @cached_property
    def _found(self) -> dict[str, tuple[str, ...]]:
        return {}
