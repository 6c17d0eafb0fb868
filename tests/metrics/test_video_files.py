import json

import numpy as np
import pyarrow.parquet as pq
import pytest

from yt8m import row_groups
from yt8m.errors import ArtefactError
from yt8m.metrics.accumulate import Metrics
from yt8m.metrics.average_precision import average_precision
from yt8m.metrics.files import read_metrics, write_metrics
from yt8m.metrics.origin import Origin
from yt8m.metrics.video_files import VideoWriter, read_videos

ORIGIN = Origin("validate", "a1", "b2")


def predicted(videos=300, classes=30, seed=0):
    """Ids, probabilities with ties, labels (of some videos none) and losses."""
    rng = np.random.default_rng(seed)
    labels = rng.random((videos, classes)) < rng.choice([0.0, 0.05, 0.2], (videos, 1))
    scores = np.round(rng.random((videos, classes)) + 0.3 * labels, 2) / 1.3
    ids = [f"v{number:04d}" for number in range(videos)]
    return ids, scores.astype(np.float32), labels, rng.gamma(2.0, 3.0, videos)


def write(path, ids, predictions, labels, losses, batch=64, top_k=20):
    metrics = Metrics(predictions.shape[1], top_k)
    with VideoWriter(path, min(top_k, predictions.shape[1]), ORIGIN) as writer:
        for start in range(0, len(ids), batch):
            rows = slice(start, start + batch)
            scores = metrics.add(predictions[rows], labels[rows], losses[rows])
            writer.add(ids[rows], losses[rows], scores)
    return metrics.result()


@pytest.mark.parametrize("top_k", [1, 5, 20, 100])
def test_all_metrics_but_map_follow_from_the_file(tmp_path, top_k):
    result = write(tmp_path / "videos.parquet", *predicted(), top_k=top_k)
    write_metrics(tmp_path / "metrics.json", result)
    expected = read_metrics(tmp_path / "metrics.json")
    found = read_videos(tmp_path / "videos.parquet", "a1", "b2")
    scores = found.scores
    gap = average_precision(scores.scores.ravel(), scores.hits.ravel(), scores.positives.sum())
    assert gap == pytest.approx(expected["gap"], abs=1e-12)
    assert scores.precision_at_equal_recall().mean() == pytest.approx(expected["perr"], abs=1e-12)
    assert scores.best_is_true().mean() == pytest.approx(expected["hit_at_one"], abs=1e-12)
    assert found.losses.mean() == pytest.approx(expected["loss"], rel=1e-12)
    assert found.top_k == expected["top_k"] == min(top_k, 30)
    assert (found.ids.to_pylist(), found.origin) == (predicted()[0], ORIGIN)


def test_neither_batches_nor_row_groups_change_the_content(tmp_path, monkeypatch):
    monkeypatch.setattr(row_groups, "ROW_GROUP", 50)
    for batch in (1, 7, 1000):
        write(tmp_path / f"{batch}.parquet", *predicted(120), batch=batch)
    contents = {(tmp_path / f"{batch}.parquet").read_bytes() for batch in (1, 7, 1000)}
    assert len(contents) == 1
    assert pq.ParquetFile(tmp_path / "7.parquet").num_row_groups == 3


def test_a_video_takes_less_than_its_probabilities_and_its_id(tmp_path):
    write(tmp_path / "videos.parquet", *predicted(8192))
    assert (tmp_path / "videos.parquet").stat().st_size < 8192 * (20 * 4 + 20 / 8 + 8 + 8)


@pytest.mark.parametrize("other", [("c3", "b2"), ("a1", "c3")])
def test_videos_of_something_else_are_refused(tmp_path, other):
    write(tmp_path / "videos.parquet", *predicted(9))
    with pytest.raises(ArtefactError, match=r"videos\.parquet: holds videos of .*evaluate again"):
        read_videos(tmp_path / "videos.parquet", *other)


def test_a_failure_leaves_no_file(tmp_path):
    _, predictions, labels, losses = predicted(9)
    with (
        pytest.raises(ArtefactError, match="prediction is nan"),
        VideoWriter(tmp_path / "v", 5, ORIGIN),
    ):
        Metrics(30).add(predictions * np.float32(np.nan), labels, losses)
    assert not list(tmp_path.iterdir())


def damaged(path):
    path.write_bytes(path.read_bytes()[:-100])


def another_kind(path):
    path.write_text(json.dumps({"gap": 1.0}))


def without_metadata(path):
    pq.write_table(pq.read_table(path).replace_schema_metadata({}), path)


def without_a_column(path):
    pq.write_table(pq.read_table(path).drop_columns("hits"), path)


@pytest.mark.parametrize("break_it", [damaged, another_kind, without_metadata, without_a_column])
def test_a_file_that_is_not_one_of_videos_is_refused(tmp_path, break_it):
    path = tmp_path / "videos.parquet"
    write(path, *predicted(9))
    break_it(path)
    with pytest.raises(ArtefactError, match=r"videos\.parquet: is not a file of `yt8m evaluate"):
        read_videos(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ArtefactError, match=r"videos\.parquet: no such file; evaluate first"):
        read_videos(tmp_path / "videos.parquet")
