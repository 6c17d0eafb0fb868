"""Splits and shards by hashes."""

from collections import Counter
from dataclasses import replace
from hashlib import blake2b

import pytest

from tests.own_data.tables import table_of
from yt8m.errors import ConfigError
from yt8m.own_data.splits import hash_of, shard_count, shards_of, shared_between, splits_of

SHARES = {"train": 0.8, "validate": 0.1, "test": 0.1}
MANY = table_of([""] * 20_000)


def slowly(text, shares, seed):
    """The split from the hash as an exact fraction, without thresholds."""
    salt = seed.to_bytes(8, "little")
    digest = blake2b(text.encode(), digest_size=8, salt=salt, person=b"split").digest()
    left = int.from_bytes(digest, "little") / 2**64
    for name, share in shares.items():
        left -= share
        if left < 0:
            return name
    return name


def test_a_split_follows_from_the_hash_of_the_id():
    for seed in (0, 7):
        found = splits_of(MANY, SHARES, seed)
        assert found == [slowly(id, SHARES, seed) for id in MANY.ids]


def test_hashes_never_change():
    """Otherwise every user's splits would change with the version."""
    assert hash_of("v0", "split", 0) == 12174393739848911811
    assert hash_of("größe", "shard", 3) == 8023253949821748470
    assert splits_of(table_of([""] * 10), {"a": 0.5, "b": 0.5}) == list("baaaabbbbb")


def test_shares_are_as_asked_within_chance():
    counts = Counter(splits_of(MANY, SHARES))
    for name, share in SHARES.items():
        deviation = (len(MANY) * share * (1 - share)) ** 0.5
        assert abs(counts[name] - len(MANY) * share) < 4 * deviation
    assert splits_of(MANY, SHARES, 1) != splits_of(MANY, SHARES, 2)


def test_a_new_row_moves_no_other_row():
    fewer = replace(MANY, ids=MANY.ids[1:])
    assert splits_of(fewer, SHARES) == splits_of(MANY, SHARES)[1:]


def test_a_group_stays_together():
    groups = [f"g{number // 10}" for number in range(1000)]
    found = splits_of(table_of([""] * 1000, groups=groups), SHARES)
    assert all(len(set(found[start : start + 10])) == 1 for start in range(0, 1000, 10))
    assert set(found) == set(SHARES)


def test_the_tables_own_splits_win():
    splits = ["train", "other", "train"]
    assert splits_of(table_of([""] * 3, splits), SHARES) == splits


@pytest.mark.parametrize(
    ("shares", "message"),
    [
        ({}, "splits: is empty; give shares"),
        ({"train": 0.8, "test": 0.1}, "add up to 0.9; expected 1"),
        ({"train": 1.5, "test": -0.5}, "splits.train: is 1.5; expected a share from 0 to 1"),
        ({"train": 0.9, "rare": 0.1}, "none of the 2 rows is in split rare; raise its share"),
    ],
)
def test_impossible_shares_are_refused(shares, message):
    with pytest.raises(ConfigError, match=message):
        splits_of(table_of(["", ""]), shares)


def test_a_share_of_zero_and_one_are_taken_exactly():
    assert set(splits_of(MANY, {"none": 0.0, "all": 1.0, "nobody": 0.0})) == {"all"}


def test_a_new_video_changes_one_shard_and_the_order_of_the_table_none():
    rows = range(len(MANY))
    before = [[MANY.ids[r] for r in shard] for shard in shards_of(MANY.ids, rows, 7)]
    ids = ["new", *reversed(MANY.ids)]
    after = [[ids[r] for r in shard] for shard in shards_of(ids, range(len(ids)), 7)]
    changed = [number for number in range(7) if before[number] != after[number]]
    assert len(changed) == 1
    assert [id for id in after[changed[0]] if id != "new"] == before[changed[0]]


def test_shards_are_equally_likely_and_independent_of_splits():
    train = [row for row, split in enumerate(splits_of(MANY, SHARES)) if split == "train"]
    shards = shards_of(MANY.ids, train, 8)
    assert sorted(row for shard in shards for row in shard) == train
    expected = len(train) / 8
    assert all(abs(len(shard) - expected) < 4 * expected**0.5 for shard in shards)


def test_twice_as_many_shards_divide_each_one_in_two():
    few, many = (shards_of(MANY.ids, range(len(MANY)), n) for n in (4, 8))
    assert few == [many[2 * n] + many[2 * n + 1] for n in range(4)]


@pytest.mark.parametrize(
    ("videos", "shards"), [(0, 1), (1, 1), (512, 1), (513, 2), (1025, 4), (100_000, 256)]
)
def test_the_number_of_shards_is_a_power_of_two(videos, shards):
    assert shard_count(videos) == shards


def test_the_size_of_an_average_shard_can_be_chosen():
    assert [shard_count(300, per_shard) for per_shard in (300, 299, 50, 1)] == [1, 2, 8, 512]


def test_features_that_videos_lack_are_no_shared_file():
    assert shared_between(table_of([""] * 2, files=["", ""]), ["train", "test"]) == []


def test_a_video_in_two_splits_is_reported():
    files = ["/x.npy", "/y.npy", "/z/..//./x.npy", "/y.npy"]
    table = table_of([""] * 4, groups=["p", "q", "p", "p"], files=files)
    lines = shared_between(table, ["train", "train", "test", "train"])
    assert lines == [
        "mine.csv, line 4: the file of rgb, '/x.npy', is in split test, and on line 2 in train; "
        "leave one of them out",
        "mine.csv, line 4: the group, 'p', is in split test, and on line 2 in train; leave one of "
        "them out",
    ]
    assert shared_between(table, ["train"] * 4) == []
    many = table_of([""] * 10, files=[f"/{n // 2}.npy" for n in range(10)])
    lines = shared_between(many, ["train", "test"] * 5)
    assert len(lines) == 4
    assert lines[3] == "mine.csv: 2 more are in two splits by the file of rgb"
