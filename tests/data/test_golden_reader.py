"""The readers compared with those of the original on the same files."""

import numpy as np
import pytest

from yt8m.data.records import Records
from yt8m.data.schema import Batch, Schema
from yt8m.data.survey import build_manifest
from yt8m.data.value_ranges import YOUTUBE_8M


def read(golden, pattern: str, schema: Schema) -> Batch:
    records = Records(build_manifest(str(golden(pattern)), schema, "golden"))
    return records.batch(np.arange(len(records)))


def dequantised(batch: Batch, length: int) -> np.ndarray:
    """float32 [B, length, F], 0 past a video's end."""
    count, frames, size = batch.frames.shape
    assert frames <= length
    features = np.zeros((count, length, size), np.float32)
    features[:, :frames] = batch.frames * np.float32(YOUTUBE_8M.step) + np.float32(YOUTUBE_8M.first)
    features[np.arange(length) >= batch.num_frames[:, None]] = 0
    return features


def assert_same_videos(batch: Batch, expected) -> None:
    assert batch.ids == expected["video_id"].tolist()
    np.testing.assert_array_equal(batch.num_frames, expected["num_frames"])


def test_frame_level_records_are_read_as_the_original_did(golden):
    expected = np.load(golden("reader_frame.npz"))
    batch = read(golden, "frame_*.tfrecord", Schema())
    assert_same_videos(batch, expected)
    np.testing.assert_array_equal(batch.labels, expected["labels"])
    np.testing.assert_allclose(dequantised(batch, 300), expected["features"], rtol=0, atol=3e-7)
    assert batch.teacher is None


def test_audio_alone_and_64_frames_are_read_as_the_original_did(golden):
    expected = np.load(golden("reader_frame_audio64.npz"))
    batch = read(golden, "frame_*.tfrecord", Schema({"audio": 128}, max_frames=64))
    assert_same_videos(batch, expected)
    np.testing.assert_allclose(dequantised(batch, 64), expected["features"], rtol=0, atol=3e-7)


def test_video_level_records_are_read_as_the_original_did(golden):
    expected = np.load(golden("reader_video.npz"))
    batch = read(golden, "video_*.tfrecord", Schema(layout="video"))
    assert_same_videos(batch, expected)
    np.testing.assert_array_equal(batch.labels, expected["labels"])
    np.testing.assert_array_equal(batch.frames[:, 0], expected["features"])


def test_distilled_records_are_read_as_the_original_did(golden):
    expected = np.load(golden("reader_distill.npz"))
    batch = read(golden, "distill_predictions-*.tfrecord", Schema())
    assert_same_videos(batch, expected)
    np.testing.assert_array_equal(batch.labels, expected["labels"])
    np.testing.assert_array_equal(batch.teacher, expected["predictions"])
    source = np.load(golden("reader_frame.npz"))["features"][expected["rows_of_reader_frame"]]
    np.testing.assert_allclose(dequantised(batch, 300), source, rtol=0, atol=3e-7)


def test_the_real_frame_level_record_is_read(shared):
    schema = Schema()
    manifest = build_manifest(str(shared / "data/frame_level/*.tfrecord"), schema, "real")
    batch = Records(manifest).batch(np.array([0]))
    assert (batch.ids, batch.num_frames.tolist()) == (["SjJ3"], [170])
    assert batch.frames.shape == (1, 170, 1152)
    assert np.flatnonzero(batch.labels).tolist() == [11]


@pytest.mark.parametrize("workers", [1, 2])
def test_the_real_video_level_records_are_read(shared, workers):
    pattern = str(shared / "data/video_level/*.tfrecord")
    manifest = build_manifest(pattern, Schema(layout="video"), "real", workers, require_labels=True)
    assert (len(manifest.shards), manifest.records) == (26, 7454)
    records = Records(manifest)
    labels = sum(records.batch(np.arange(i, i + 1)).labels.sum() for i in range(0, 7454, 1000))
    assert labels > 8
