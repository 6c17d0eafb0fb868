"""Random access: any records, as one padded batch."""

import os
import subprocess
import sys

import numpy as np
import pytest

from tests.data.samples import MEANS, SMALL, make_video, write_split
from yt8m.data import records as module
from yt8m.data.examples import encode_video
from yt8m.data.features import mapping
from yt8m.data.manifest import Manifest, read_manifest, write_manifest
from yt8m.data.records import Records
from yt8m.data.schema import Schema
from yt8m.data.soft_labels import encode_soft_label
from yt8m.data.survey import build_manifest
from yt8m.data.tfrecord import read_records, write_records
from yt8m.data.wire import delimited
from yt8m.errors import ArtefactError, RecordError


@pytest.fixture
def manifest(tmp_path) -> Manifest:
    return write_split(tmp_path)


def soft_labels(folder, manifest: Manifest, ids=lambda name: name) -> Manifest:
    """One prediction of 0.5 + video number / 32, for the video's own class."""
    paths, first = [], 0
    for shard in manifest.shards:
        payloads = []
        for number in range(first, first + shard.records):
            predictions = np.zeros(10, np.float32)
            predictions[number] = 0.5 + number / 32
            payloads.append(encode_soft_label(ids(f"v{number}"), (number,), predictions, keep=4))
        paths.append(folder / "soft" / shard.path.name)
        write_records(paths[-1], payloads)
        first += shard.records
    return build_manifest(paths, SMALL, "train", kind="soft_labels")


def test_a_batch_holds_the_requested_videos_in_order(manifest):
    indices = np.array([8, 0, 4, 4])
    batch = Records(manifest).batch(indices)
    assert batch.ids == ["v8", "v0", "v4", "v4"]
    assert batch.num_frames.tolist() == [7, 4, 1, 1]
    assert (batch.frames.dtype, batch.frames.shape) == (np.uint8, (4, 7, 9))
    assert batch.frames.flags.c_contiguous
    assert (batch.num_frames.dtype, batch.labels.dtype) == (np.int32, bool)
    np.testing.assert_array_equal(np.argwhere(batch.labels)[:, 1], indices)
    for frames, count, index in zip(batch.frames, batch.num_frames, indices, strict=True):
        features = make_video(int(index), count).features
        expected = np.concatenate([features["rgb"], features["audio"]], axis=1)
        np.testing.assert_array_equal(frames[:count], expected)
        assert not frames[count:].any()


def test_the_batch_is_as_long_as_its_longest_video(manifest):
    assert Records(manifest).batch(np.array([1, 4])).frames.shape == (2, 1, 9)


def test_records_with_much_besides_the_frames_make_the_same_batch(tmp_path):
    schema = Schema({"rgb": 6, "audio": 3}, classes=2000, max_frames=100)
    predictions = np.random.default_rng(0).random(2000, np.float32)
    videos = [make_video(i, i + 1, schema, predictions=predictions / (i + 1)) for i in range(3)]
    write_records(tmp_path / "full", [encode_video(video, schema) for video in videos])
    records = Records(build_manifest([tmp_path / "full"], schema, "full"))
    batch = records.batch(np.arange(3))
    assert batch.frames.shape == (3, 3, 9)
    assert batch.frames.flags.c_contiguous
    np.testing.assert_array_equal(batch.teacher, [video.predictions for video in videos])
    assert records.batch(np.zeros(0, np.int64)).frames.shape == (0, 0, 9)


def test_features_are_in_the_order_of_the_schema(manifest):
    turned = Schema({"audio": 3, "rgb": 6}, classes=10)
    other = Records(build_manifest([s.path for s in manifest.shards], turned, "train"))
    expected = Records(manifest).batch(np.arange(9)).frames
    found = other.batch(np.arange(9)).frames
    np.testing.assert_array_equal(found, np.roll(expected, 3, axis=2))


def test_video_level_records_are_one_frame_of_floats(tmp_path):
    batch = Records(write_split(tmp_path, schema=MEANS)).batch(np.array([2, 1]))
    assert (batch.frames.dtype, batch.frames.shape) == (np.float32, (2, 1, 9))
    assert batch.num_frames.tolist() == [1, 1]
    features = make_video(2, schema=MEANS).features
    np.testing.assert_array_equal(batch.frames[0, 0, :6], features["rgb"])
    np.testing.assert_array_equal(batch.frames[0, 0, 6:], features["audio"])


def test_chosen_frames_replace_the_video(manifest):
    records = Records(manifest)
    whole = records.batch(np.array([0, 2]))  # 4 and 7 frames
    chosen = np.array([[3, 0, 0, 2, 1], [6, 5, 4, 0, 0]])
    batch = records.batch(np.array([0, 2]), lambda num_frames: chosen)
    assert batch.num_frames.tolist() == [5, 5]
    np.testing.assert_array_equal(
        batch.frames, np.take_along_axis(whole.frames, chosen[..., None], 1)
    )


def test_chosen_frames_past_the_end_are_padding(manifest):
    batch = Records(manifest).batch(
        np.array([0]), lambda num_frames: np.array([[3, 1, 2, 0, 4, 5]])
    )
    assert batch.num_frames.tolist() == [4]
    assert not batch.frames[0, 4:].any()


def test_no_records_make_an_empty_batch(manifest, tmp_path):
    records = Records(manifest, soft_labels=soft_labels(tmp_path, manifest))
    batch = records.batch(np.array([], np.int64))
    assert (batch.ids, batch.frames.shape, batch.labels.shape) == ([], (0, 0, 9), (0, 10))
    assert batch.teacher.shape == (0, 10)


def test_a_number_beyond_the_last_record_is_an_index_error(manifest):
    for index in (-1, 9):
        with pytest.raises(IndexError, match=f"record {index} of 9"):
            Records(manifest).batch(np.array([index]))


def test_only_a_few_shards_are_mapped_at_a_time(manifest, monkeypatch):
    monkeypatch.setattr(module, "MOST_MAPS", 1)
    records = Records(manifest)
    order = np.array([0, 8, 1, 7, 2, 3])
    assert records.batch(order).ids == [f"v{i}" for i in order]
    assert len(records._videos._maps) == 1


SHORT_OF_FILES = """
import resource, sys
import numpy as np
from yt8m.data.manifest import read_manifest
from yt8m.data.records import Records

manifest, soft = map(read_manifest, sys.argv[1:])
resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
batch = Records(manifest, soft_labels=soft).batch(np.arange(300))
print(*batch.ids)
"""


def test_reading_many_shards_needs_few_open_files(tmp_path):
    """A batch from many shards, with frames and soft labels, if only 32 files may be open."""
    schema = Schema({"rgb": 6, "audio": 3}, classes=300, max_frames=8)
    videos = write_split(tmp_path, [1] * 300, schema)
    paths = []
    for shard in videos.shards:
        number = int(shard.path.stem.removeprefix("train-"))
        soft = encode_soft_label(f"v{number}", (number,), np.zeros(300, np.float32), keep=4)
        paths.append(tmp_path / "soft" / shard.path.name)
        write_records(paths[-1], [soft])
    soft = build_manifest(paths, schema, "train", kind="soft_labels")
    write_manifest(videos, tmp_path / "videos.json")
    write_manifest(soft, tmp_path / "soft.json")
    command = [sys.executable, "-c", SHORT_OF_FILES, "videos.json", "soft.json"]
    found = subprocess.check_output(command, text=True, cwd=tmp_path).split()
    assert len(found) == 300 and set(found) == {f"v{i}" for i in range(300)}


def test_damage_after_the_manifest_was_written_is_named(manifest):
    path = manifest.shards[1].path
    data = bytearray(path.read_bytes())
    data[-6] ^= 1
    path.write_bytes(data)
    with pytest.raises(RecordError, match=r"train-01\.tfrecord, record 1: the CRC of the data"):
        Records(manifest).batch(np.arange(9))
    Records(manifest, check_crc=False).batch(np.arange(9))


def test_a_shard_that_changed_since_the_manifest_is_refused(manifest):
    path = manifest.shards[1].path
    path.write_bytes(path.read_bytes() * 2)
    with pytest.raises(
        RecordError, match=r"train-01\.tfrecord: has \d+ bytes, but \d+ in its manifest"
    ):
        Records(manifest).batch(np.array([3]))


def test_other_bytes_of_the_same_size_and_date_are_refused(manifest, tmp_path):
    """A manifest knows when it was written; a shard's ctime cannot be set back to before that."""
    write_manifest(manifest, tmp_path / "train.json")
    read = read_manifest(tmp_path / "train.json")
    Records(read).batch(np.arange(9))
    path = manifest.shards[1].path
    before = path.stat().st_mtime_ns
    first, second, *others = read_records(path)
    write_records(path, [second, first, *others])
    os.utime(path, ns=(before, before))
    with pytest.raises(RecordError, match=r"train-01\.tfrecord: has changed since its"):
        Records(read).batch(np.array([3]))


def test_soft_labels_are_matched_with_their_videos(manifest, tmp_path):
    indices = np.array([7, 0, 3])
    batch = Records(manifest, soft_labels=soft_labels(tmp_path, manifest)).batch(indices)
    assert batch.teacher.dtype == np.float32
    np.testing.assert_array_equal(
        batch.teacher, np.eye(10)[indices] * (0.5 + indices / 32)[:, None]
    )


def test_soft_labels_of_another_video_are_refused(manifest, tmp_path):
    others = soft_labels(tmp_path, manifest, lambda name: "w4" if name == "v4" else name)
    with pytest.raises(RecordError) as error:
        Records(manifest, soft_labels=others).batch(np.arange(9))
    assert "soft/train-01.tfrecord, record 1: is for video 'w4'" in str(error.value)
    assert f"{manifest.shards[1].path}, record 1 is 'v4'" in str(error.value)


def test_a_manifest_of_soft_labels_is_refused_as_one_of_videos(manifest, tmp_path):
    with pytest.raises(ArtefactError, match="its manifest lists soft_labels; expected videos"):
        Records(soft_labels(tmp_path, manifest))


def test_irregular_records_among_regular_ones_make_the_same_batch(manifest, tmp_path):
    """Frames in another encoding, in the middle of a shard of similar records."""
    videos = [make_video(i) for i in range(5)]
    payloads = [encode_video(video, SMALL) for video in videos]
    unknown = delimited(9, b"?")
    rows = {
        n: [delimited(1, delimited(1, delimited(1, r.tobytes()), unknown)) for r in v]
        for n, v in videos[2].features.items()
    }
    lists = [(name, b"".join(parts)) for name, parts in rows.items()]
    payloads[2] = payloads[2][: 2 + payloads[2][1]] + mapping(lists, 2)
    write_records(tmp_path / "mixed", payloads)
    batch = Records(build_manifest([tmp_path / "mixed"], SMALL, "train")).batch(np.arange(5))
    expected = Records(manifest).batch(np.arange(5))
    for video, frames, count in zip(videos, batch.frames, batch.num_frames, strict=True):
        assert count == 4
        np.testing.assert_array_equal(frames[:4, :6], video.features["rgb"])
        np.testing.assert_array_equal(frames[:4, 6:], video.features["audio"])
    assert batch.ids == expected.ids
    np.testing.assert_array_equal(batch.labels, expected.labels)


def test_a_batch_in_use_is_not_overwritten(manifest):
    records = Records(manifest)
    held = records.batch(np.array([0, 2])).frames[1:]
    copy = held.copy()
    for _ in range(5):
        records.batch(np.array([5, 8]))
    np.testing.assert_array_equal(held, copy)
