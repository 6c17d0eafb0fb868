"""What sources that are given by files have in common."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from yt8m.data.source import MOST_SHARDS
from yt8m.errors import ConfigError
from yt8m.paths import for_the_workflow, resolve

PLACE = "dataset.source.files"


@dataclass(frozen=True)
class Files:
    """Shards that are there already, by split."""

    files: Mapping[str, tuple[str, ...]]  # split -> shards, as paths or patterns (* ? [ ])

    def shards(self) -> dict[str, int]:
        """Split -> how many shards it has."""
        return {split: len(paths) for split, paths in self._found.items()}

    def given(self, split: str) -> tuple[str, ...]:
        """The shards of a split, patterns and variables filled in."""
        return self._found[split]

    def check(self, where: str) -> None:
        """Raises ConfigError for patterns that match nothing and for too many shards."""
        if not self.files:
            raise ConfigError(f"{where}.files: is empty; name the shards of a split")
        for split, paths in self._found.items():
            if len(paths) > MOST_SHARDS:
                raise ConfigError(
                    f"{where}.files.{split}: stands for {len(paths):,} shards; at most "
                    f"{MOST_SHARDS:,}"
                )

    @cached_property
    def _found(self) -> dict[str, tuple[str, ...]]:
        """Looked up once: a plan must not see files come and go."""
        return {split: _resolved(patterns, split) for split, patterns in self.files.items()}


def _resolved(patterns: tuple[str, ...], split: str) -> tuple[str, ...]:
    where = f"{PLACE}.{split}"
    found = (path for pattern in patterns for path in resolve(pattern, where))
    return tuple(for_the_workflow(path, where) for path in found)
