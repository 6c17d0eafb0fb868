import numpy as np
import pyarrow.parquet as pq
import pytest

from tests.metrics.simulated import measured, predicted
from yt8m.errors import ArtefactError
from yt8m.metrics.origin import Origin
from yt8m.metrics.resample_files import METRICS, read_resamples, write_resamples
from yt8m.metrics.resampling import resample
from yt8m.metrics.video_files import VideoWriter


def videos_file(path, graph="a", records="r", top_k=5, split="validate", first=0):
    predictions, labels = predicted(60, 12, seed=1)
    scores = measured(predictions[graph == "b"], labels, top_k)[1]
    ids = [f"v{first + number}" for number in range(60)]
    with VideoWriter(path, top_k, Origin(split, graph, records)) as writer:
        writer.add(ids, np.ones(60), scores)
    return path


@pytest.fixture
def resamples(tmp_path):
    files = [videos_file(tmp_path / f"{graph}.parquet", graph) for graph in "ab"]
    return resample(dict.fromkeys(files), 40, seed=3, level=0.9)


def test_resamples_survive_the_round_trip(tmp_path, resamples):
    path = tmp_path / "confidence.parquet"
    write_resamples(path, resamples)
    found = read_resamples(path, "r")
    assert (found.split, found.top_k, found.videos) == ("validate", 5, 60)
    assert (found.draws, found.seed, found.level) == (40, 3, 0.9)
    assert list(found.graphs) == ["a", "b"]
    for graph, metrics in resamples.graphs.items():
        for metric in METRICS:
            np.testing.assert_allclose(found.graphs[graph][metric], metrics[metric], rtol=1e-6)


def test_files_of_equal_resamples_are_identical(tmp_path, resamples):
    for name in "xy":
        write_resamples(tmp_path / name, resamples)
    assert (tmp_path / "x").read_bytes() == (tmp_path / "y").read_bytes()


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"records": "s"}, "its records is s, but that of .*a.parquet is r"),
        ({"top_k": 4}, "its top_k is 4, but"),
        ({"split": "test"}, "its split is test, but"),
        ({"first": 1}, "its ids is "),
    ],
    ids=str,
)
def test_graphs_on_other_videos_are_not_paired(tmp_path, other, words):
    files = [
        videos_file(tmp_path / "a.parquet"),
        videos_file(tmp_path / "b.parquet", "b", **other),
    ]
    with pytest.raises(ArtefactError, match=rf"b\.parquet: {words}"):
        resample(dict.fromkeys(files), 10, 0, 0.95)


def test_resamples_of_other_records_are_refused(tmp_path, resamples):
    write_resamples(tmp_path / "c.parquet", resamples)
    with pytest.raises(ArtefactError, match=r"c\.parquet: is about other records"):
        read_resamples(tmp_path / "c.parquet", "s")


def test_another_file_is_refused(tmp_path):
    path = videos_file(tmp_path / "v.parquet")
    with pytest.raises(ArtefactError, match=r"v\.parquet: is not a file of `yt8m confidence`"):
        read_resamples(path)
    pq.write_table(pq.read_table(path).slice(0, 0), path)
    with pytest.raises(ArtefactError, match=r"v\.parquet: is not a file of `yt8m confidence`"):
        read_resamples(path)
    with pytest.raises(ArtefactError, match=r"none\.parquet: no such file"):
        read_resamples(tmp_path / "none.parquet")
