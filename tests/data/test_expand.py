import hashlib
from dataclasses import replace

import numpy as np
import pytest

from tests.data.frame_statistics import autocorrelation, dequantised
from yt8m.data.examples import decode_video, encode_video
from yt8m.data.expand import MEAN_TOLERANCE, expand_shard, expand_video, is_constant
from yt8m.data.generate.frames import mean_of_bytes
from yt8m.data.generate.statistics import between_share
from yt8m.data.schema import Schema, Video
from yt8m.data.sources.expanded import Recipe as Expanded
from yt8m.data.survey import build_manifest
from yt8m.data.tfrecord import read_records, write_records
from yt8m.data.value_ranges import YOUTUBE_8M
from yt8m.errors import ConfigError, RecordError

SCHEMA = Schema(classes=10)
MEANS = replace(SCHEMA, layout="video")
SHORT = Expanded({}, seed=1, frames_min=24, frames_max=60)


def mean_video(number, scale=1.0):
    rng = np.random.default_rng(number)
    features = {}
    for name, size in SCHEMA.features.items():
        mean = rng.standard_normal(size) * np.sqrt(between_share(name, size)) * scale
        features[name] = np.clip(mean, -1.99, 2.0).astype(np.float32)
    return Video(f"v{number:03d}", (number % 10,), features)


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "validate0000.tfrecord"
    write_records(path, [encode_video(mean_video(number), MEANS) for number in range(6)])
    return path


def expanded(source, target, settings=SHORT):
    count = expand_shard(source, target, SCHEMA, settings)
    videos = [decode_video(payload, SCHEMA, str(target)) for payload in read_records(target)]
    assert len(videos) == count
    return videos


def test_ids_and_labels_are_kept(source, tmp_path):
    videos = expanded(source, tmp_path / "out.tfrecord")
    assert [video.id for video in videos] == [f"v{number:03d}" for number in range(6)]
    assert [video.labels for video in videos] == [(number,) for number in range(6)]


@pytest.mark.parametrize("scale", [0.3, 1.0, 2.0])
def test_the_mean_of_the_frames_is_the_mean_of_the_record(scale):
    for number in range(5):
        video = mean_video(number, scale)
        frames = expand_video(video, SHORT)
        for name, mean in video.features.items():
            found = mean_of_bytes(frames.features[name])
            np.testing.assert_allclose(found, mean, rtol=0, atol=MEAN_TOLERANCE)


def test_means_of_real_videos_are_kept(shared, tmp_path):
    source = shared / "data" / "video_level" / "validate0003.tfrecord"
    schema = Schema()
    expand_shard(source, tmp_path / "out.tfrecord", schema, SHORT)
    pairs = zip(read_records(source), read_records(tmp_path / "out.tfrecord"), strict=True)
    for before, after in pairs:
        means = decode_video(before, replace(schema, layout="video"), "source")
        frames = decode_video(after, schema, "target")
        assert (means.id, means.labels) == (frames.id, frames.labels)
        for name, mean in means.features.items():
            found = mean_of_bytes(frames.features[name])
            np.testing.assert_allclose(found, mean, rtol=0, atol=MEAN_TOLERANCE)


def test_frames_vary_over_time_as_in_the_dataset():
    videos = [expand_video(mean_video(number), Expanded({})) for number in range(20)]
    rgb = [video.features["rgb"] for video in videos]
    assert autocorrelation(rgb, 1) == pytest.approx(0.49, abs=0.03)
    assert autocorrelation(rgb, 10) == pytest.approx(0.12, abs=0.04)
    assert np.mean([dequantised(x).var() for x in rgb]) == pytest.approx(1.0, abs=0.1)
    assert np.mean(np.concatenate(rgb) == 255) == pytest.approx(0.035, abs=0.006)
    assert {len(x) for x in rgb} <= set(range(120, 301))


def test_silence_stays_silent():
    every = np.arange(128) * YOUTUBE_8M.step + YOUTUBE_8M.first
    video = mean_video(0)
    video = replace(video, features=video.features | {"audio": every.astype(np.float32)})
    audio = expand_video(video, SHORT).features["audio"]
    assert (audio == np.arange(128)).all()
    assert is_constant(video.features["audio"])
    assert not is_constant(video.features["rgb"])


def test_frames_are_a_function_of_seed_and_id(source, tmp_path):
    def digest(name, settings=SHORT):
        expand_shard(source, tmp_path / name, SCHEMA, settings)
        return hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()

    assert digest("a") == digest("b")
    assert digest("a") != digest("c", replace(SHORT, seed=2))
    alone = expand_video(mean_video(4), SHORT).features["rgb"]
    among = expanded(source, tmp_path / "d")[4].features["rgb"]
    np.testing.assert_array_equal(alone, among)


def test_a_frame_level_shard_is_refused(source, tmp_path):
    expand_shard(source, tmp_path / "frames", SCHEMA, SHORT)
    with pytest.raises(RecordError, match="record 0"):
        expand_shard(tmp_path / "frames", tmp_path / "again", SCHEMA, SHORT)
    assert not (tmp_path / "again").exists()


@pytest.mark.parametrize("change", [{"frames_min": 61}, {"frames_max": 301}])
def test_invalid_lengths_are_refused(change):
    with pytest.raises(ConfigError, match="source: frames_min is"):
        replace(SHORT, **change).check_schema(SCHEMA, "source")


def test_a_record_without_a_labels_feature_is_not_expanded_to_one_with_no_labels(source, tmp_path):
    payloads = [encode_video(mean_video(n), MEANS, labelled=n != 1) for n in range(3)]
    write_records(source, payloads)
    expanded(source, tmp_path / "out.tfrecord")
    with pytest.raises(RecordError, match=r"1 record has no .*`labels`.*record 1, which holds id"):
        build_manifest([tmp_path / "out.tfrecord"], SCHEMA, "validate")


def test_an_id_that_is_not_text_is_not_converted_to_text(source, tmp_path):
    payload = encode_video(mean_video(1), MEANS).replace(b"v001", b"v0\xff1")
    write_records(source, [encode_video(mean_video(0), MEANS), payload])
    with pytest.raises(RecordError, match="record 1: its id is not valid UTF-8"):
        expand_shard(source, tmp_path / "out.tfrecord", SCHEMA, SHORT)
    assert not (tmp_path / "out.tfrecord").exists()
