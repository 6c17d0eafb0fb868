"""Bad shards: the message of `records manifest` for each, its exit code, and what is left."""

import gzip
import json
import os

import pytest
from click.testing import CliRunner

from tests.data.families import DAMAGED, SUSPECT, record
from tests.data.samples import SMALL
from yt8m.cli.main import main
from yt8m.data.tfrecord import write_records

SCHEMA = json.dumps(SMALL.as_json())


def shard(*payloads):
    return lambda path: write_records(path, [record(seed=2), *payloads])


def holding(data: bytes):
    return lambda path: path.write_bytes(data)


BAD = {
    "a pipe": (os.mkfifo, "x: cannot be read (it is a named pipe; expected a regular file)"),
    "a folder": (os.mkdir, "x: cannot be read (it is a folder; expected a regular file)"),
    "a device": (lambda path: path.symlink_to("/dev/zero"), "x: cannot be read (it is a device;"),
    "an empty file": (holding(b""), "x: holds no records"),
    "text": (holding(b"Index,Name\n0,Garden\n"), "or is not a TFRecord"),
    "a page": (holding(b"<html>not found</html>"), "(it looks like HTML or XML"),
    "text, compressed": (
        holding(gzip.compress(b"text" * 9)),
        "x: is GZIP, but its content is not a TFRecord",
    ),
    "a cut GZIP": (holding(gzip.compress(b"text" * 9)[:-3]), "its content is not a TFRecord"),
    "a comma in an id": (shard(SUSPECT["a comma in the id"]), "1 record has a comma, a quote or"),
    "an empty id": (shard(SUSPECT["an empty id"]), "1 record has an empty id: x, record 1, id ''"),
    "no labels": (
        shard(*[SUSPECT["labels missing"]] * 2),
        "2 records have no (or half a)",
    ),
    "labels in words": (shard(DAMAGED["labels in words"]), "x, record 1: labels: holds byte str"),
    "no id": (shard(DAMAGED["no id"]), "x, record 1: id: is missing (and so is video_id)"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_shard_is_reported_and_nothing_is_left_on_disk(tmp_path, monkeypatch, name):
    make, message = BAD[name]
    monkeypatch.chdir(tmp_path)
    make(tmp_path / "x")
    arguments = ["records", "manifest", "x", "--split", "t", "--schema", SCHEMA, "--out", "m.json"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 1 and result.output.startswith("yt8m: error: ")
    assert message in result.output and len(result.output.splitlines()) <= 3
    assert list(tmp_path.iterdir()) == [tmp_path / "x"]
