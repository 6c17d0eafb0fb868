"""The same video twice: in one split, or in two of which one is learnt from and one scored on.

Videos are compared by 64 bits of their ids, which the survey of a split keeps beside its manifest:
uint64 [records], in the manifest's order, 8 bytes a video.
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
"""Videos, or pairs of shards, that one message names."""

AGAIN = "write the manifest again."


@dataclass(frozen=True)
class Split:
    """A manifest, and uint64 [records]: 64 bits of the id of each video, 0 where it has none."""

    manifest: Manifest
    ids: np.ndarray

    @property
    def name(self) -> str:
        """Of the split."""
        return self.manifest.split

    def where(self, number: int) -> str:
        """The shard and record of a video."""
        ends = np.cumsum(self.manifest.shard_sizes)
        shard = int(np.searchsorted(ends, number, side="right"))
        first = int(ends[shard - 1]) if shard else 0
        return f"{self.manifest.shards[shard].path}, record {number - first}"

    def id(self, number: int) -> str:
        """Of a video, read from its shard."""
        return Records(self.manifest).batch(np.array([number])).ids[0]


def ids_file(manifest: str | Path) -> Path:
    """Where the hashes of a manifest's videos lie."""
    return Path(manifest).with_suffix(".ids.npy")


def write_ids(ids: np.ndarray, manifest: str | Path) -> None:
    """Beside the manifest, complete or not at all. ids: uint64 [records]."""
    with replacing(ids_file(manifest)) as unfinished, unfinished.open("wb") as file:
        np.save(file, ids)


def read_split(manifest: str | Path) -> Split:
    """A manifest and the hashes beside it. Raises ArtefactError where they do not fit together."""
    listed, path = read_manifest(manifest), ids_file(manifest)
    try:
        check_regular(path)
        ids = np.load(path, allow_pickle=False)
    except Exception as error:  # NumPy raises what it likes
        problem = f"cannot be read ({error_line(error)})"
        raise ArtefactError(f"{path}: {problem}; {AGAIN}") from None
    if not isinstance(ids, np.ndarray):
        raise ArtefactError(f"{path}: is an archive of arrays, not one; {AGAIN}")
    if ids.dtype != np.uint64 or ids.shape != (listed.records,):
        raise ArtefactError(
            f"{path}: holds {ids.dtype} {list(ids.shape)}, not uint64 [{listed.records}]; {AGAIN}"
        )
    return Split(listed, ids)


def repeated_within(split: Split) -> str | None:
    """What is to be said of videos that a split holds more than once, or None."""
    order = np.argsort(split.ids, kind="stable")
    ids = split.ids[order]
    again = np.flatnonzero((ids[1:] == ids[:-1]) & (ids[1:] != 0))
    if not again.size:
        return None
    pairs = sorted((int(order[at]), int(order[at + 1])) for at in again)[:MOST_NAMED]
    examples = [f"{split.id(a)!r} ({split.where(a)}; {split.where(b)})" for a, b in pairs]
    return (
        f"split {split.name}: {again.size} of its {len(ids)} videos come again, by their ids: "
        f"{_listed(examples, again.size)}{_copies(split, split)}"
    )


def shared_between(one: Split, other: Split) -> str | None:
    """What is to be said of videos that two splits share, or None."""
    both, first, second = np.intersect1d(one.ids, other.ids, return_indices=True)
    known = both != 0
    first, second = first[known], second[known]
    if not first.size:
        return None
    pairs = sorted((int(a), int(b)) for a, b in zip(first, second, strict=True))[:MOST_NAMED]
    examples = [f"{one.id(a)!r} ({one.where(a)}; {other.where(b)})" for a, b in pairs]
    return (
        f"splits {one.name} and {other.name}: share {first.size} videos, by their ids: "
        f"{_listed(examples, first.size)}{_copies(one, other)}"
    )


def _listed(examples: list[str], count: int) -> str:
    more = count - len(examples)
    return ", ".join(examples) + (f" and {more} more." if more > 0 else ".")


def _copies(one: Split, other: Split) -> str:
    """Which shards are copies, however they are called: they explain most of it."""
    known = _by_digest(one)
    pairs = [
        f"{shard.path} is a copy of {known[shard.digest]}"
        for shard in other.manifest.shards
        if known.get(shard.digest, shard.path) != shard.path
    ]
    return f" {_listed(pairs[:MOST_NAMED], len(pairs))}" if pairs else ""


def _by_digest(split: Split) -> Mapping[str, Path]:
    """Digest -> the first shard of that content."""
    return {shard.digest: shard.path for shard in reversed(split.manifest.shards)}
