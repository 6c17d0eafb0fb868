"""Common parts of sources with given files."""

from collections.abc import Iterator, Mapping
from functools import cached_property

from pydantic import Field

from yt8m.data.sources.limits import MOST_SHARDS
from yt8m.errors import ConfigError
from yt8m.paths import for_the_workflow, resolve
from yt8m.strict import settings


@settings
class Files:
    """Given shards, by split."""

    files: Mapping[str, tuple[str, ...]] = Field(
        description="split -> shards, as paths or patterns (* ? [ ])"
    )

    def shards(self) -> dict[str, int]:
        """Split -> number of shards."""
        return {split: len(self.shard_paths(split)) for split in self.files}

    def shard_paths(self, split: str) -> tuple[str, ...]:
        """The shards of a split, with patterns and variables expanded.

        They are looked up only once, so that a plan is consistent.
        """
        if split not in self._found:
            where = f"dataset.source.files.{split}"
            found = (path for pattern in self.files[split] for path in _matched(pattern, where))
            self._found[split] = tuple(for_the_workflow(path, where) for path in found)
        return self._found[split]

    def problems(self) -> Iterator[tuple[str, str]]:
        """Patterns must match files, but not too many."""
        if not self.files:
            yield "files", "is empty; name the shards of a split"
        for split in self.files:
            try:
                found = len(self.shard_paths(split))
            except ConfigError as error:
                yield f"files.{split}", str(error).removeprefix(f"dataset.source.files.{split}: ")
            else:
                if found > MOST_SHARDS:
                    text = f"matches {found:,} shards; at most {MOST_SHARDS:,}"
                    yield f"files.{split}", text

    @cached_property
    def _found(self) -> dict[str, tuple[str, ...]]:
        return {}


def _matched(pattern: str, where: str) -> list[str]:
    if "://" in pattern:
        raise ConfigError(
            f"{where}: {pattern!r} is an address, not a path; for shards in S3 or Google Cloud "
            "Storage, set dataset.source.kind to 'object_store'"
        )
    return resolve(pattern, where)
