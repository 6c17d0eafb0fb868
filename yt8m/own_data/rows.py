"""The rows of each shard of a user's table, and digests that show whether they have changed."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from yt8m.own_data.locations import file_and_inside
from yt8m.own_data.splits import VIDEOS_PER_SHARD, shard_count, shards_of
from yt8m.own_data.table import Table
from yt8m.own_data.vocabulary import Vocabulary


@dataclass(frozen=True)
class Row:
    """One video.

    locations: feature -> its array, "" if the video lacks the feature. classes: ascending. where:
    in the table. problem: why the video has no arrays, if it has none. remedy: what makes its
    arrays again, if they are not a user's own files but results.
    """

    id: str
    locations: Mapping[str, str]
    classes: tuple[int, ...]
    where: str
    problem: str = ""
    remedy: str = ""


@dataclass(frozen=True)
class Rows:
    """The rows of a table by split and shard.

    splits: of each row. seed: of the shards. per_shard: most videos in an average one.
    """

    table: Table
    splits: Sequence[str]
    vocabulary: Vocabulary
    seed: int
    per_shard: int = VIDEOS_PER_SHARD

    @cached_property
    def by_split(self) -> dict[str, list[list[int]]]:
        """Split -> the rows in each of its shards, as indices; splits in alphabetical order."""
        found: dict[str, list[int]] = {split: [] for split in sorted(set(self.splits))}
        for row, split in enumerate(self.splits):
            found[split].append(row)
        ids = self.table.ids
        return {
            split: shards_of(ids, rows, shard_count(len(rows), self.per_shard), self.seed)
            for split, rows in found.items()
        }

    def of_shard(self, split: str, shard: int) -> list[Row]:
        """The rows of a shard, in the order of their hashes."""
        return [self._row(row) for row in self.by_split[split][shard]]

    def of_split(self, split: str) -> list[Row]:
        """The rows of all shards of a split."""
        return [self._row(row) for rows in self.by_split[split] for row in rows]

    def _row(self, row: int) -> Row:
        table = self.table
        locations = {name: found[row] for name, found in table.locations.items()}
        classes = self.vocabulary.classes_of(table.labels[row])
        return Row(table.ids[row], locations, classes, table.where(row))


def files_of(rows: Iterable[Row], features: Iterable[str]) -> list[str]:
    """The files of the arrays that there are of these features, each once."""
    features = list(features)
    found = (row.locations.get(name) for row in rows for name in features)
    return list(dict.fromkeys(file_and_inside(location)[0] for location in found if location))


def digest_of(parts: Iterable[Any]) -> str:
    """A digest of values that JSON can express, in this order."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(f"{json.dumps(part, sort_keys=True)}\n".encode())
    return digest.hexdigest()[:32]
