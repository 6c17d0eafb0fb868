"""A logistic regression of mean vectors beside a run's models."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from benchmarks.mean_vectors import fit, main, mean_vectors, measured
from yt8m.data.examples import encode_video
from yt8m.data.manifest import read_manifest, write_manifest
from yt8m.data.schema import Schema, Video
from yt8m.data.survey import build_manifest
from yt8m.data.tfrecord import write_records
from yt8m.data.value_ranges import ValueRange
from yt8m.metrics.files import write_metrics

pytest.importorskip("sklearn", reason="scikit-learn is of the extra bench")

SCHEMA = Schema({"rgb": 5, "audio": 3}, 4, ranges={"rgb": ValueRange(0.0, 9.0)})
LABELS = [(0,), (0, 1), (0, 1), (0, 2)]


def split(folder, name: str, videos: int, seed: int):
    """A manifest of videos whose labels move the bytes; class 0 is true of all, 3 of none."""
    random = np.random.default_rng(seed)
    payloads = []
    for number in range(videos):
        labels = LABELS[number % 4]
        frames = random.integers(1, 6)
        rgb = random.integers(0, 100, (frames, 5)) + np.eye(3, 5, dtype=int)[list(labels)].sum(0)
        rgb[:, list(labels)] += 60
        features = {"rgb": rgb.astype(np.uint8), "audio": rgb[:, :3].astype(np.uint8)}
        payloads.append(encode_video(Video(f"{name}{number}", labels, features), SCHEMA))
    write_records(folder / f"{name}-0.tfrecord", payloads)
    path = folder / "data" / f"{name}.json"
    path.parent.mkdir(exist_ok=True)
    write_manifest(build_manifest([folder / f"{name}-0.tfrecord"], SCHEMA, name), path)
    return read_manifest(path)


@pytest.fixture
def train(tmp_path):
    return split(tmp_path, "train", 80, 0)


def test_the_vectors_are_means_of_dequantised_frames(train):
    from yt8m.data.examples import decode_video
    from yt8m.data.tfrecord import read_records

    found, labels = mean_vectors(train)
    assert found.shape == (80, 8) and labels.shape == (80, 4)
    payloads = list(read_records(train.shards[0].path))
    for row, truth, payload in zip(found, labels, payloads, strict=True):
        video = decode_video(memoryview(payload), SCHEMA, "x")
        assert tuple(np.flatnonzero(truth)) == video.labels
        ranges = SCHEMA.range_of("rgb"), SCHEMA.range_of("audio")
        expected = [
            (video.features[name] * of.step + of.first).mean(axis=0)
            for name, of in zip(("rgb", "audio"), ranges, strict=True)
        ]
        np.testing.assert_allclose(row, np.concatenate(expected), rtol=1e-4, atol=1e-5)


def test_constant_classes_get_their_constant_and_others_are_learnt(train, tmp_path):
    predict = fit(*mean_vectors(train))
    other = split(tmp_path, "validate", 40, 1)
    found = predict(mean_vectors(other)[0])
    assert (found[:, 0] == 1).all() and (found[:, 3] == 0).all()
    assert measured(predict, other).gap > 0.9


def test_the_run_and_the_regression_stand_beside_each_other(train, tmp_path):
    result = measured(fit(*mean_vectors(train)), split(tmp_path, "validate", 40, 1))
    folder = tmp_path / "ensembles" / "final"
    folder.mkdir(parents=True)
    write_metrics(folder / "metrics.validate.json", result)
    gap = json.loads((folder / "metrics.validate.json").read_text())["gap"]
    done = CliRunner().invoke(main, [str(tmp_path)], catch_exceptions=False)
    lines = [line.split() for line in done.output.splitlines()]
    assert ["validate", "ensembles/final", f"{gap:.4f}"] in lines
    assert any("regression," in line and line[-1] == f"{gap:.4f}" for line in lines)
