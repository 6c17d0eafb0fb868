"""The list of a split's shards at the time of planning."""

import json

import pytest

from yt8m.data.shard_list import list_shards, read_shard_list
from yt8m.errors import ArtefactError, RecordError


def shards(folder, count):
    paths = [folder / f"shard {number:05d}" for number in range(count)]
    for path in paths:
        path.write_bytes(path.name.encode())
    return paths


def test_a_list_survives_the_round_trip_and_keeps_its_order(tmp_path):
    paths = shards(tmp_path, 3)[::-1]
    found = list_shards(paths, "train")
    found.write(tmp_path / "results/train.sources")
    assert read_shard_list(tmp_path / "results/train.sources") == found
    assert found.paths == tuple(map(str, paths))
    assert found.digest == list_shards(paths, "train").digest


def test_a_list_differs_if_any_shard_does(tmp_path):
    """Its digest is compared or, if it is large, its date."""
    paths = shards(tmp_path, 2)
    before = list_shards(paths, "train")
    paths[1].write_bytes(b"shard 00009")
    after = list_shards(paths, "train")
    assert before.digest != after.digest and before.paths == after.paths
    before.write(tmp_path / "a")
    after.write(tmp_path / "b")
    assert (tmp_path / "a").read_bytes() != (tmp_path / "b").read_bytes()


def test_fifteen_thousand_shards_are_listed(tmp_path):
    paths = shards(tmp_path, 15000)
    found = list_shards(paths, "train")
    found.write(tmp_path / "list")
    assert read_shard_list(tmp_path / "list") == found


def test_at_most_ten_missing_shards_are_named(tmp_path):
    there = shards(tmp_path, 2)
    gone = [tmp_path / f"gone{number:02d}" for number in range(12)]
    with pytest.raises(RecordError) as error:
        list_shards([*there, *gone], "test")
    message = str(error.value)
    assert message.startswith("split test, 12 of 14 shards: ")
    assert f"{gone[9]}: cannot be read (No such file or directory)." in message
    assert str(gone[10]) not in message and message.endswith("; and 2 more.")


IDENTITY = {"size_bytes": 1, "modified_ns": 1, "changed_ns": 1, "inode": 1}
NO_LISTS = [
    "",
    "[]",
    "null",
    "{}",
    '{"format": 1}',
    '{"format": 1, "shards": 3}',
    '{"format": 1, "shards": [3]}',
    '{"format": 1, "shards": [{"path": "x"}]}',
    json.dumps({"format": 1, "shards": [{"path": "x", **IDENTITY, "inode": "1"}]}),
    json.dumps({"format": 1, "shards": [{"path": "a\0b", **IDENTITY}]}),
    '{"format": 9, "shards": []}',
    "[" * 100000,
    b"\xff\xfe",
]


@pytest.mark.parametrize("content", NO_LISTS, ids=range(len(NO_LISTS)))
def test_a_file_that_is_not_a_list_is_refused_by_name(tmp_path, content):
    path = tmp_path / "list"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ArtefactError, match=r"list: "):
        read_shard_list(path)
