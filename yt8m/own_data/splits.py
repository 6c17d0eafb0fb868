"""Splits and shards of videos by hashes, so that a new row never moves another one.

A hash is 64 bits of BLAKE2b of a text, salted with the seed and with its purpose, so that a video's
split says nothing about its shard. With H uniform in 0 .. 2**64 - 1:

    split   the first one whose cumulated share s has H < round(s * 2**64)
    shard   H * shards >> 64, which divides the range into equal parts

Either probability is exact to shards / 2**64, without the bias of a remainder. Twice as many shards
divide each one in two.
"""

import os
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from itertools import accumulate

from yt8m.errors import ConfigError
from yt8m.mistakes import shown
from yt8m.own_data.table import Table
from yt8m.printable import listed

BITS = 64
VIDEOS_PER_SHARD = 512
"""Most videos in an average shard, by default."""


def hash_of(text: str, purpose: str, seed: int) -> int:
    """A whole number in 0 .. 2**64 - 1, the same on every machine. purpose: up to 16 bytes."""
    salt = seed.to_bytes(8, "little")
    digest = blake2b(text.encode(), digest_size=BITS // 8, salt=salt, person=purpose.encode())
    return int.from_bytes(digest.digest(), "little")


def splits_of(table: Table, shares: Mapping[str, float], seed: int = 0) -> list[str]:
    """The split of each row: the table's own, or by a hash of its group, or else of its id.

    shares: split -> its share of the videos (or of the groups), which add up to 1.
    Raises ConfigError for other shares, and for a split that would be empty.
    """
    if table.splits is not None:
        return list(table.splits)
    _check_shares(shares)
    names = [name for name, share in shares.items() if share]
    ends = [round(end * 2**BITS) for end in accumulate(shares[name] for name in names)]
    keys = table.groups if table.groups is not None else table.ids
    # The last end may be slightly less than 2**64; whatever is above belongs to the last split.
    splits = [
        names[min(bisect_right(ends, hash_of(key, "split", seed)), len(names) - 1)] for key in keys
    ]
    if empty := set(names) - set(splits):
        what = "rows" if table.groups is None else f"rows in {len(set(keys)):,} groups"
        raise ConfigError(
            f"{table.path}: by hash, none of the {len(table):,} {what} is in split "
            f"{listed(empty)}; raise its share, choose another seed, or add a column `split`"
        )
    return splits


def _check_shares(shares: Mapping[str, float]) -> None:
    if not shares:
        raise ConfigError("splits: is empty; give shares, such as train: 0.8, validate: 0.2")
    for name, share in shares.items():
        if not 0 <= share <= 1:
            raise ConfigError(f"splits.{name}: is {shown(share)}; expected a share from 0 to 1")
    if abs((total := sum(shares.values())) - 1) > 1e-6:
        raise ConfigError(f"splits: its shares add up to {total:g}; expected 1")


def shard_count(videos: int, per_shard: int = VIDEOS_PER_SHARD) -> int:
    """Shards for so many videos: a power of two, so that it seldom changes as videos are added.

    per_shard: most videos in an average shard.
    """
    return 1 << max((videos - 1) // per_shard, 0).bit_length()


def shards_of(
    ids: Sequence[str], rows: Sequence[int], shards: int, seed: int = 0
) -> list[list[int]]:
    """The rows of a split in each of its shards, by a hash of the id; a small shard may be empty.

    ids: of all rows. rows: indices of the split's rows. Within a shard they are in the order of the
    hash, whatever the order of the table.
    """
    found: list[list[int]] = [[] for _ in range(shards)]
    for number, _, row in sorted((hash_of(ids[row], "shard", seed), ids[row], row) for row in rows):
        found[number * shards >> BITS].append(row)
    return found


def shared_between(table: Table, splits: Sequence[str]) -> list[str]:
    """Sentences about files, and groups, that rows of different splits share; a few of each kind.

    Videos that a model is trained on must not be among those that it is measured on.
    """
    columns = {
        f"the file of {name}": [one and os.path.abspath(one) for one in found]  # noqa: PTH100
        for name, found in table.locations.items()
    }
    if table.groups is not None:
        columns["the group"] = table.groups
    lines = []
    for what, keys in columns.items():
        pairs = _pairs(keys, splits)
        for key, (one, other) in list(pairs.items())[:3]:
            lines.append(
                f"{table.where(other)}: {what}, {key!r}, is in split {splits[other]}, and on "
                f"{table.unit} {table.numbers[one]} in {splits[one]}; leave one of them out"
            )
        if (more := len(pairs) - 3) > 0:
            lines.append(f"{table.path}: {more:,} more are in two splits by {what}")
    return lines


def _pairs(keys: Sequence[str], splits: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Key -> the first row that has it, and the first with it in another split; "" is no key."""
    first: dict[str, int] = {}
    pairs: dict[str, tuple[int, int]] = {}
    for row, key in enumerate(keys):
        before = first.setdefault(key, row)
        if key and splits[before] != splits[row]:
            pairs.setdefault(key, (before, row))
    return pairs
