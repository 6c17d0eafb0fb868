"""Records for notebooks."""

import json

import numpy as np
import pytest

import yt8m
from tests.small import SCHEMA
from yt8m.data.manifest import read_manifest
from yt8m.data.records import Records
from yt8m.data.value_ranges import ValueRange


@pytest.fixture(scope="module")
def expected(place):
    """What training reads."""
    return Records(read_manifest(place / "train.json")).batch(np.arange(60))


@pytest.mark.parametrize("source", ["train.json", "train", "train/train-*.tfrecord"])
def test_a_manifest_a_folder_and_a_pattern_give_the_batches_of_training(place, source, expected):
    found = yt8m.read_records(str(place / source), SCHEMA)
    (batch,) = found.batches(60)
    assert len(found) == 60 and batch.ids == expected.ids
    for name in ("frames", "num_frames", "labels"):
        mine, theirs = getattr(batch, name), getattr(expected, name)
        assert mine.dtype == theirs.dtype
        np.testing.assert_array_equal(mine, theirs)
    assert [len(batch.ids) for batch in found.batches(25)] == [25, 25, 10]


def test_several_shards_are_read_one_after_the_other_as_often_as_one_likes(place, expected):
    shards = sorted((place / "train").glob("*.tfrecord"))
    found = yt8m.read_records(reversed(shards), SCHEMA)
    for _ in range(2):
        ids = [video.id for video in found]
        assert ids == expected.ids[30:] + expected.ids[:30]


def test_without_a_schema_the_features_are_found_and_batches_need_one(place):
    found = yt8m.read_records(place / "validate")
    assert found.schema.features == SCHEMA.features
    assert next(iter(found)).features["audio"].shape[1] == 8
    with pytest.raises(yt8m.ConfigError, match="the number of classes is unknown"):
        next(found.batches())


def test_dequantised_features_are_the_values_of_the_bytes(place):
    schema = yt8m.Schema(SCHEMA.features, 6, 10, ranges={"audio": ValueRange(0, 512)})
    given = next(iter(yt8m.read_records(place / "validate", schema)))
    found = next(iter(yt8m.read_records(place / "validate", schema, dequantise=True)))
    # byte * (high - low) / 255 + (high - low) / 512 + low
    for name, (low, width) in {"rgb": (-2, 4), "audio": (0, 512)}.items():
        by_hand = given.features[name] * (width / 255) + width / 512 + low
        assert found.features[name].dtype == np.float32
        np.testing.assert_allclose(found.features[name], by_hand, atol=width * 1e-6)
    (batch,) = yt8m.read_records(place / "validate", schema, dequantise=True).batches()
    assert batch.frames.dtype == np.float32 and not batch.frames[batch.num_frames < 10, -1].any()


@pytest.mark.parametrize("layout", ["frame", "video"])
def test_what_is_written_is_read(layout, tmp_path):
    schema = yt8m.Schema({"rgb": 4, "audio": 2}, 5, layout=layout)
    random = np.random.default_rng(1)

    def feature(size):
        if layout == "video":
            return random.normal(size=size).astype(np.float32)
        return random.integers(0, 256, (3, size), np.uint8)

    videos = [
        yt8m.Video(f"v{i}", (i, 4), {n: feature(s) for n, s in schema.features.items()})
        for i in range(3)
    ]
    assert yt8m.write_records(tmp_path / "new/mine.tfrecord", videos, schema) == 3
    found = yt8m.read_records(tmp_path / "new/mine.tfrecord", schema)
    for mine, theirs in zip(found, videos, strict=True):
        assert (mine.id, mine.labels) == (theirs.id, theirs.labels)
        for name in schema.features:
            np.testing.assert_array_equal(mine.features[name], theirs.features[name])
    (batch,) = found.batches()
    assert batch.labels.sum(axis=1).tolist() == [2, 2, 2]


def test_teachers_predictions_are_in_the_batches(tmp_path):
    schema, scores = yt8m.Schema({"rgb": 1}, 3), np.array([0.25, 0.5, 0], np.float32)
    video = yt8m.Video("v", (), {"rgb": np.zeros((2, 1), np.uint8)}, scores)
    yt8m.write_records(tmp_path / "distilled.tfrecord", [video], schema)
    (batch,) = yt8m.read_records(tmp_path / "distilled.tfrecord", schema).batches()
    np.testing.assert_array_equal(batch.teacher, scores[None])


def test_nothing_to_read_and_damage_are_refused(place, tmp_path):
    for nothing in (tmp_path, tmp_path / "no.tfrecord", []):
        with pytest.raises(yt8m.RecordError, match="no shard"):
            yt8m.read_records(nothing)
    content = (place / "validate/validate-00000-of-00001.tfrecord").read_bytes()
    (tmp_path / "cut.tfrecord").write_bytes(content[:-9])
    found = yt8m.read_records(tmp_path, SCHEMA)
    with pytest.raises(yt8m.RecordError, match=r"cut.tfrecord, record 29"):
        list(found)


@pytest.mark.parametrize("labels", [(False, True, False), (0, 1, 0), (1.9,), (3,), (-1,)])
def test_labels_that_are_no_numbers_of_classes_are_refused(labels, tmp_path):
    video = yt8m.Video("v", labels, {"rgb": np.zeros((2, 1), np.uint8)})
    with pytest.raises(yt8m.RecordError, match=r"video 'v': .*numbers of a video's classes"):
        yt8m.write_records(tmp_path / "x.tfrecord", [video], yt8m.Schema({"rgb": 1}, 3))
    assert not list(tmp_path.iterdir())


def test_places_are_taken_as_they_are_written(place, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    videos = yt8m.read_records(place / "train.json")
    yt8m.write_records("~/train[1]/a.tfrecord", videos, SCHEMA)
    assert len(yt8m.read_records("~/train[1]")) == len(videos)
    with pytest.raises(yt8m.ConfigError, match="size"):
        next(videos.batches(0))


def test_a_manifest_may_lack_what_may_be_null(place, tmp_path):
    content = json.loads((place / "train.json").read_text())
    shards = [shard | {"path": str(place / shard["path"])} for shard in content["shards"]]
    del content["teacher"], content["source"]
    (tmp_path / "train.json").write_text(json.dumps(content | {"shards": shards}))
    assert len(yt8m.read_records(tmp_path / "train.json")) == 60
