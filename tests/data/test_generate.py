import hashlib
from dataclasses import replace

import numpy as np
import pytest

from tests.data.frame_statistics import dequantised
from tests.small import generate_split, shard_name
from yt8m.data.examples import decode_video
from yt8m.data.generate.frames import mean_of_bytes
from yt8m.data.generate.videos import sample_videos
from yt8m.data.generate.world import build_world
from yt8m.data.schema import Schema
from yt8m.data.sources.generated import Recipe as Generated
from yt8m.data.tfrecord import read_records
from yt8m.errors import ConfigError
from yt8m.recipes import as_entry, read_recipe

SCHEMA = Schema(features={"rgb": 24, "audio": 8}, classes=12, max_frames=20)
SETTINGS = Generated(
    seed=3, splits={"train": (3, 20), "test": (1, 6)}, frames_min=5, frames_max=9, dummies={}
)


def digests(paths):
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]


def videos_of(path, schema=SCHEMA):
    return [decode_video(payload, schema, str(path)) for payload in read_records(path)]


def test_shards_hold_the_requested_videos(tmp_path):
    paths = generate_split(SETTINGS, SCHEMA, "train", tmp_path)
    assert [path.name for path in paths] == [shard_name("train", k, 3) for k in range(3)]
    assert paths[1].name == "train-00001-of-00003.tfrecord"
    videos = [video for path in paths for video in videos_of(path)]
    assert [len(videos_of(path)) for path in paths] == [7, 7, 6]
    assert len({video.id for video in videos}) == 20
    assert all(video.labels for video in videos)
    assert {len(video.features["rgb"]) for video in videos} <= set(range(5, 10))


def test_the_same_seed_writes_the_same_bytes(tmp_path):
    first = digests(generate_split(SETTINGS, SCHEMA, "train", tmp_path / "a"))
    assert first == digests(generate_split(SETTINGS, SCHEMA, "train", tmp_path / "b"))
    assert len(set(first)) == 3


def test_another_seed_writes_other_videos(tmp_path):
    first = generate_split(SETTINGS, SCHEMA, "test", tmp_path / "a")
    other = generate_split(replace(SETTINGS, seed=4), SCHEMA, "test", tmp_path / "b")
    assert digests(first) != digests(other)


def test_a_split_does_not_depend_on_the_others(tmp_path):
    alone = replace(SETTINGS, splits={"train": (3, 20)})
    assert digests(generate_split(SETTINGS, SCHEMA, "train", tmp_path / "a")) == digests(
        generate_split(alone, SCHEMA, "train", tmp_path / "b")
    )


def test_a_shard_does_not_depend_on_the_number_of_shards(tmp_path):
    more = replace(SETTINGS, splits={"train": (6, 41)})
    first = digests(generate_split(SETTINGS, SCHEMA, "train", tmp_path / "a"))
    assert first[:2] == digests(generate_split(more, SCHEMA, "train", tmp_path / "b"))[:2]


def test_splits_differ(tmp_path):
    settings = replace(SETTINGS, splits={"train": (1, 4), "validate": (1, 4)})
    train, validate = (
        videos_of(generate_split(settings, SCHEMA, split, tmp_path)[0]) for split in settings.splits
    )
    assert not np.array_equal(train[0].features["rgb"], validate[0].features["rgb"])


def test_video_level_shards_hold_the_means_of_the_frames(tmp_path):
    means_schema = replace(SCHEMA, layout="video")
    frames = videos_of(generate_split(SETTINGS, SCHEMA, "test", tmp_path / "frame")[0])
    path = generate_split(SETTINGS, means_schema, "test", tmp_path / "video")[0]
    for video, means in zip(frames, videos_of(path, means_schema), strict=True):
        assert (means.id, means.labels) == (video.id, video.labels)
        for name in SCHEMA.features:
            np.testing.assert_array_equal(means.features[name], mean_of_bytes(video.features[name]))


def test_features_of_other_names_are_generated_too(tmp_path):
    schema = replace(SCHEMA, features={"rgb": 6})
    video = videos_of(generate_split(SETTINGS, schema, "test", tmp_path)[0], schema)[0]
    assert video.features["rgb"].shape[1] == 6


@pytest.fixture(scope="module")
def world():
    return build_world(Generated(), Schema(classes=20))


@pytest.fixture(scope="module")
def videos():
    settings = Generated(splits={"all": (1, 300)}, dummies={})
    return list(
        sample_videos(
            settings, Schema(classes=20), build_world(settings, Schema(classes=20)), "all", 0
        )
    )


def along(values, patterns):
    """Coordinates of values [..., F] on patterns [C, F] of unit length: [..., C]."""
    return values @ (patterns / np.linalg.norm(patterns, axis=1, keepdims=True)).T


def carried(videos, classes=20):
    return np.array([[c in video.labels for c in range(classes)] for video in videos])


def frames_of(video):
    return dequantised(np.concatenate(list(video.features.values()), axis=1))


def test_labels_can_be_learned_from_the_means(videos, world):
    """Videos with a label are shifted in its direction: a linear model can learn it."""
    sides = along(np.array([frames_of(video).mean(axis=0) for video in videos]), world.looks)
    has = carried(videos)
    assert sides[has].mean() > sides[~has].mean() + 0.5


def test_scenes_reveal_labels_that_the_means_do_not(videos, world):
    """Along a label's mark, videos with it vary more, but their means are not shifted."""
    around = [frames_of(video) - frames_of(video).mean(axis=0) for video in videos]
    movement = np.array([along(frames, world.marks).var(axis=0) for frames in around])
    means = along(np.array([frames_of(video).mean(axis=0) for video in videos]), world.marks)
    has = carried(videos)
    assert movement[has].mean() > 2.0 * movement[~has].mean()
    assert means[has].mean() == pytest.approx(means[~has].mean(), abs=0.1)
    assert means[has].std() == pytest.approx(means[~has].std(), rel=0.15)


def test_the_marks_of_labels_cancel_out_over_the_kinds_of_scenes(world):
    assert (world.signs.sum(axis=1) == 0).all()
    assert np.abs(world.kinds.sum(axis=0)).max() < 1e-5


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"splits": {}}, "source.splits: is empty"),
        ({"splits": {"train": (0, 5)}}, "source.splits.train: has 5 videos in 0 shards"),
        ({"splits": {"train": (6, 5)}}, "source.splits.train: has 5 videos in 6 shards"),
        ({"frames_min": 0}, "frames_min: is 0; 1 or more"),
        ({"frames_min": 10}, "frames_min is 10 and frames_max 9"),
        ({"frames_max": 21}, "20 .dataset.max_frames"),
        ({"dummies": {"tset": 0.5}}, "source.dummies.tset: no such split"),
        ({"dummies": {"test": 1.5}}, "source.dummies.test: is 1.5"),
        ({"look_alikes": -0.1}, "source.look_alikes: is -0.1"),
        ({"unseen": float("nan")}, "source.unseen: is nan"),
        ({"mean_signal": -1.0}, "source.mean_signal: is -1"),
        ({"scene_kinds": 3}, "source.scene_kinds: is 3; a multiple of 2"),
    ],
)
def test_invalid_settings_are_refused(change, message):
    with pytest.raises(ConfigError, match=message):
        entry = as_entry(SETTINGS) | change
        read_recipe("yt8m.data.sources", entry, "source").check_schema(SCHEMA, "source")


def test_an_unknown_split_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="has no 'tets'; defined: train, test"):
        generate_split(SETTINGS, SCHEMA, "tets", tmp_path)


def test_the_defaults_are_valid():
    Generated().check_schema(Schema(classes=60), "source")
