"""Shards compressed by TensorFlow are read like any other."""

import gzip
import tempfile
import zlib

import numpy as np
import pytest
import tensorflow as tf

from tests.data.samples import SMALL, write_split
from yt8m.data import compressed as module
from yt8m.data import records as records_module
from yt8m.data.compressed import unpacked
from yt8m.data.inspect import inspect_shards
from yt8m.data.records import Records
from yt8m.data.survey import build_manifest
from yt8m.data.tfrecord import open_shard, read_records, write_records
from yt8m.errors import RecordError
from yt8m.files import map_file

RANDOM = np.random.default_rng(0)
PAYLOADS = [b"first", b"", RANDOM.bytes(70_000), bytes(300_000)]


def packed(path, kind: str, payloads=PAYLOADS):
    with tf.io.TFRecordWriter(str(path), options=kind) as writer:
        for payload in payloads:
            writer.write(payload)
    return path


def refused(path, message: str) -> None:
    with pytest.raises(RecordError, match=message) as error:
        list(read_records(path))
    assert str(path) in str(error.value)


@pytest.mark.parametrize("kind", ["GZIP", "ZLIB"])
def test_files_compressed_by_tensorflow_are_read(tmp_path, kind):
    assert list(read_records(packed(tmp_path / "x", kind))) == PAYLOADS
    packed(tmp_path / "none", kind, [])
    assert list(read_records(tmp_path / "none")) == []


@pytest.mark.parametrize("level", range(10))
def test_every_level_is_recognised(tmp_path, level):
    write_records(tmp_path / "plain", PAYLOADS)
    plain = (tmp_path / "plain").read_bytes()
    for number, data in enumerate((zlib.compress(plain, level), gzip.compress(plain, level))):
        (tmp_path / f"{number}").write_bytes(data)
        assert list(read_records(tmp_path / f"{number}")) == PAYLOADS


def test_several_gzip_members_and_trailing_zeros_are_read(tmp_path):
    write_records(tmp_path / "plain", PAYLOADS)
    plain = (tmp_path / "plain").read_bytes()
    parts = [plain[:5], plain[5:11], b"", plain[11:40_000], plain[40_000:]]
    (tmp_path / "x").write_bytes(b"".join(map(gzip.compress, parts)) + bytes(512))
    assert list(read_records(tmp_path / "x")) == PAYLOADS


def test_compressed_shards_make_the_same_manifest_and_batches(tmp_path):
    plain = write_split(tmp_path / "plain")
    paths = []
    for number, shard in enumerate(plain.shards):
        kind = ("GZIP", "ZLIB", "")[number]
        paths.append(packed(tmp_path / shard.path.name, kind, read_records(shard.path)))
    manifest = build_manifest(paths, SMALL, "train")
    assert manifest.shard_sizes == plain.shard_sizes
    assert [shard.size_bytes for shard in manifest.shards] == [p.stat().st_size for p in paths]
    order = RANDOM.permutation(9)
    ours, theirs = Records(manifest).batch(order), Records(plain).batch(order)
    assert ours.ids == theirs.ids
    np.testing.assert_array_equal(ours.frames, theirs.frames)
    found = inspect_shards(paths)
    assert (found.records, found.damages) == (9, [])


def test_little_is_decompressed_at_a_time_and_no_file_is_left(tmp_path, monkeypatch):
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    plain = write_split(tmp_path / "plain", [2] * 5)
    paths = [packed(tmp_path / s.path.name, "GZIP", read_records(s.path)) for s in plain.shards]
    records = Records(build_manifest(paths, SMALL, "train"))
    monkeypatch.setattr(records_module, "MOST_UNPACKED", 1)
    assert records.batch(np.array([8, 0, 5, 9])).ids == ["v8", "v0", "v5", "v9"]
    assert len(records._videos._maps) == 1
    assert not list((tmp_path / "tmp").iterdir())


@pytest.mark.parametrize("kind", ["GZIP", "ZLIB"])
def test_a_damaged_or_truncated_file_is_reported(tmp_path, kind):
    whole = packed(tmp_path / "x", kind).read_bytes()
    (tmp_path / "x").write_bytes(whole[:-1])
    refused(tmp_path / "x", rf"is {kind}, but cannot be decompressed \(it is cut off\)")
    (tmp_path / "x").write_bytes(whole[:-2] + bytes([whole[-2] ^ 1]) + whole[-1:])
    refused(tmp_path / "x", rf"is {kind}, but cannot be decompressed \(Error -3 .* check\)")


@pytest.mark.parametrize("kind", ["GZIP", "ZLIB"])
@pytest.mark.parametrize("seed", range(60))
def test_any_damage_is_an_error_or_has_no_effect(tmp_path, kind, seed):
    random = np.random.default_rng(seed)
    data = bytearray(packed(tmp_path / "x", kind, [*PAYLOADS[:2], PAYLOADS[2][:200]]).read_bytes())
    data[random.integers(len(data))] ^= 1 << random.integers(8)
    (tmp_path / "x").write_bytes(data[: random.integers(len(data) // 2, len(data) + 1)])
    try:
        assert list(read_records(tmp_path / "x")) == [*PAYLOADS[:2], PAYLOADS[2][:200]]
    except RecordError as error:
        assert str(tmp_path / "x") in str(error)


def test_compressed_files_of_other_content_are_reported(tmp_path):
    (tmp_path / "x").write_bytes(gzip.compress(b"Index,Name\n0,Garden\n" * 100))
    refused(tmp_path / "x", "is GZIP, but its content is not a TFRecord")
    (tmp_path / "x").write_bytes(zlib.compress(b"Index,Name\n0,Garden\n" * 100))
    refused(tmp_path / "x", "record 0: the CRC of the length is wrong; .*, or is not a TFRecord")


def test_an_uncompressed_shard_that_begins_like_a_compressed_one_is_read(tmp_path):
    payload = bytes(0x088B1F)  # its length, 1f 8b 08 00 ..., is how GZIP begins
    write_records(tmp_path / "x", [payload])
    data = map_file(tmp_path / "x")
    assert data[:3] == b"\x1f\x8b\x08" and unpacked(data, "x") is data


@pytest.mark.parametrize(
    ("begins", "words"),
    [
        (b"BZh91AY", "a bzip2 file"),
        (b"PK\x03\x04", "a ZIP archive"),
        (b"<?xml version", "HTML or XML, such as a server's error page"),
        (b"version https://git-lfs.github.com", "a Git LFS pointer"),
        (b"\x93NUMPY", "a NumPy file"),
    ],
)
def test_files_of_other_kinds_are_identified_in_the_message(tmp_path, begins, words):
    (tmp_path / "x").write_bytes(begins + bytes(100))
    refused(tmp_path / "x", rf"or is not a TFRecord file \(it looks like {words}")


def test_a_decompression_bomb_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MOST_BYTES", 100_000)
    refused(packed(tmp_path / "x", "GZIP"), "is GZIP and decompresses to more than 100,000 bytes")


def test_a_bomb_of_zeros_is_refused_at_its_beginning(tmp_path):
    (tmp_path / "x").write_bytes(gzip.compress(bytes(1 << 26)))
    refused(tmp_path / "x", "is GZIP, but its content is not a TFRecord")


def test_the_temporary_folder_is_named_if_it_cannot_be_written(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    refused(
        packed(tmp_path / "x", "GZIP"), r"cannot be decompressed in .*gone \(No such file.*TMPDIR"
    )


def test_views_outlive_the_shard(tmp_path):
    data = open_shard(packed(tmp_path / "x", "GZIP"))
    (tmp_path / "x").unlink()
    last = np.frombuffer(data[-300_000:], np.uint8)
    del data
    assert last[:-4].max() == 0
