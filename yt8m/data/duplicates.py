"""Duplicate videos: within a split, or in both a training and an evaluation split.

Videos are compared by 64-bit hashes of their ids, which the survey of a split stores next to its
manifest: uint64 [records], in the manifest's order, 8 bytes per video.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from yt8m.atomic import replacing
from yt8m.data.manifest import Manifest, read_manifest
from yt8m.data.records import Records
from yt8m.errors import ArtefactError
from yt8m.files import check_regular
from yt8m.printable import error_line

MOST_NAMED = 3
"""Most videos, or pairs of shards, that one message names."""

AGAIN = "write the manifest again."


@dataclass(frozen=True)
class Split:
    """A manifest, and a 64-bit hash of each video's id, uint64 [records]; 0 for an empty id."""

    manifest: Manifest
    ids: np.ndarray

    @property
    def name(self) -> str:
        """The split's name."""
        return self.manifest.split

    def where(self, number: int) -> str:
        """The shard and record of a video."""
        ends = np.cumsum(self.manifest.shard_sizes)
        shard = int(np.searchsorted(ends, number, side="right"))
        first = int(ends[shard - 1]) if shard else 0
        return f"{self.manifest.shards[shard].path}, record {number - first}"

    def id(self, number: int) -> str:
        """A video's id, read from its shard."""
        return Records(self.manifest).batch(np.array([number])).ids[0]


def ids_file(manifest: str | Path) -> Path:
    """Path of the file with the hashes of a manifest's videos."""
    return Path(manifest).with_suffix(".ids.npy")


def write_ids(ids: np.ndarray, manifest: str | Path) -> None:
    """Write the hashes next to the manifest, atomically. ids: uint64 [records]."""
    with replacing(ids_file(manifest)) as unfinished, unfinished.open("wb") as file:
        np.save(file, ids)


def read_split(manifest: str | Path) -> Split:
    """A manifest and its hashes. Raises ArtefactError if they do not match."""
    listed, path = read_manifest(manifest), ids_file(manifest)
    try:
        check_regular(path)
        ids = np.load(path, allow_pickle=False)
    except Exception as error:  # NumPy may raise anything
        problem = f"cannot be read ({error_line(error)})"
        raise ArtefactError(f"{path}: {problem}; {AGAIN}") from None
    if not isinstance(ids, np.ndarray):
        raise ArtefactError(f"{path}: is an archive of arrays, not one; {AGAIN}")
    if ids.dtype != np.uint64 or ids.shape != (listed.records,):
        raise ArtefactError(
            f"{path}: holds {ids.dtype} {list(ids.shape)}; expected uint64 [{listed.records}]; "
            f"{AGAIN}"
        )
    return Split(listed, ids)


def repeated_within(split: Split) -> str | None:
    """A message about videos that a split holds more than once, or None."""
    order = np.argsort(split.ids, kind="stable")
    ids = split.ids[order]
    again = np.flatnonzero((ids[1:] == ids[:-1]) & (ids[1:] != 0))
    if not again.size:
        return None
    pairs = sorted((int(order[at]), int(order[at + 1])) for at in again)[:MOST_NAMED]
    examples = [f"{split.id(a)!r} ({split.where(a)}; {split.where(b)})" for a, b in pairs]
    return (
        f"split {split.name}: {again.size} of its {len(ids)} videos are duplicates, by their ids: "
        f"{listed(examples, again.size)}{_copies(split, split)}"
    )


def shared_between(one: Split, other: Split) -> str | None:
    """A message about videos that two splits share, or None."""
    both, first, second = np.intersect1d(one.ids, other.ids, return_indices=True)
    known = both != 0
    first, second = first[known], second[known]
    if not first.size:
        return None
    pairs = sorted((int(a), int(b)) for a, b in zip(first, second, strict=True))[:MOST_NAMED]
    examples = [f"{one.id(a)!r} ({one.where(a)}; {other.where(b)})" for a, b in pairs]
    return (
        f"splits {one.name} and {other.name}: share {first.size} videos, by their ids: "
        f"{listed(examples, first.size)}{_copies(one, other)}"
    )


def listed(examples: list[str], count: int) -> str:
    """Some examples, and how many more there are."""
    more = count - len(examples)
    return ", ".join(examples) + (f" and {more} more." if more > 0 else ".")


def _copies(one: Split, other: Split) -> str:
    """Shards that are copies under another name, which explain most duplicates."""
    known = _by_digest(one)
    pairs = [
        f"{shard.path} is a copy of {known[shard.digest]}"
        for shard in other.manifest.shards
        if known.get(shard.digest, shard.path) != shard.path
    ]
    return f" {listed(pairs[:MOST_NAMED], len(pairs))}" if pairs else ""


def _by_digest(split: Split) -> Mapping[str, Path]:
    """Digest -> the first shard with that content."""
    return {shard.digest: shard.path for shard in reversed(split.manifest.shards)}
