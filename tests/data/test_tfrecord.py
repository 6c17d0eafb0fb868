"""Framing of records, compared with TensorFlow's, and damaged in every place."""

import numpy as np
import pytest
import tensorflow as tf

from yt8m.data.tfrecord import map_file, offsets_in, read_records, write_records
from yt8m.errors import RecordError

PAYLOADS = [b"first", b"", b"\x00" * 300, bytes(range(256))]


@pytest.fixture
def shard(tmp_path):
    path = tmp_path / "new folder" / "train-00.tfrecord"
    assert write_records(path, PAYLOADS) == len(PAYLOADS)
    return path


def test_records_survive_the_round_trip(shard):
    assert list(read_records(shard)) == PAYLOADS


def test_tensorflow_reads_what_we_write(shard):
    assert [record.numpy() for record in tf.data.TFRecordDataset(str(shard))] == PAYLOADS


def test_we_read_what_tensorflow_writes(tmp_path, shard):
    with tf.io.TFRecordWriter(str(tmp_path / "theirs")) as writer:
        for payload in PAYLOADS:
            writer.write(payload)
    assert (tmp_path / "theirs").read_bytes() == shard.read_bytes()
    assert list(read_records(tmp_path / "theirs")) == PAYLOADS


def record_offsets(path):
    return offsets_in(map_file(path), path)


def test_offsets_are_where_the_records_begin(shard):
    sizes = [len(payload) + 16 for payload in PAYLOADS]
    offsets = record_offsets(shard)
    assert offsets.dtype == np.int64
    assert offsets.tolist() == [0, *np.cumsum(sizes)]


def test_an_empty_file_has_no_records(tmp_path):
    (tmp_path / "empty").touch()
    assert list(read_records(tmp_path / "empty")) == []
    assert record_offsets(tmp_path / "empty").tolist() == [0]


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(RecordError, match=r"nowhere\.tfrecord: cannot be read \(No such file"):
        list(read_records(tmp_path / "nowhere.tfrecord"))


def test_a_failed_write_leaves_the_old_file_and_nothing_else(shard):
    def failing():
        yield b"new"
        raise RuntimeError("the disk is on fire")

    with pytest.raises(RuntimeError):
        write_records(shard, failing())
    assert list(read_records(shard)) == PAYLOADS
    assert list(shard.parent.iterdir()) == [shard]


@pytest.mark.parametrize("keep", range(1, 21))
def test_a_file_truncated_inside_its_first_record_is_refused(shard, keep):
    shard.write_bytes(shard.read_bytes()[:keep])
    reading = "header cut off" if keep < 12 else "cut off"
    for read in (lambda: list(read_records(shard)), lambda: record_offsets(shard)):
        with pytest.raises(
            RecordError, match=rf"train-00\.tfrecord, record 0: {reading}, {keep} of"
        ):
            read()


def test_a_file_truncated_later_gives_the_records_before(shard):
    shard.write_bytes(shard.read_bytes()[:-1])
    records = read_records(shard)
    assert [next(records) for _ in range(3)] == PAYLOADS[:3]
    with pytest.raises(RecordError, match="record 3: cut off, 271 of 272 bytes"):
        next(records)


@pytest.mark.parametrize("position", range(21))
def test_any_flipped_byte_is_detected(shard, position):
    data = bytearray(shard.read_bytes())
    data[position] ^= 0x10
    shard.write_bytes(data)
    part = "length" if position < 12 else "data"
    with pytest.raises(RecordError, match=f"record 0: the CRC of the {part} is wrong"):
        list(read_records(shard))


def test_a_damaged_payload_passes_when_crcs_are_not_checked(shard):
    data = bytearray(shard.read_bytes())
    data[12] ^= 1
    shard.write_bytes(data)
    assert next(read_records(shard, check_crc=False)) == b"girst"
