"""Predictions of one video, again and again and in new processes, are those of the same model."""

import numpy as np
import pytest

from benchmarks import one_video
from benchmarks.baselines import models
from benchmarks.prediction import VLAD
from benchmarks.prediction_peers import Example


@pytest.fixture(scope="module")
def races(tmp_path_factory):
    folder = tmp_path_factory.mktemp("one")
    small = {"kind": "netvlad", "clusters": 8, "hidden": 16}
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(one_video.ENTRIES, VLAD, small)
        patch.setitem(one_video.KERAS, VLAD, lambda: models.netvlad(8, 16))
        patch.setattr(one_video, "FRAMES", 5)
        yield folder, list(one_video.races(folder, 0.1))


def test_every_way_predicts_a_video_as_often_as_it_says(races):
    folder, (again, _) = races
    example = Example.read(folder / "example.npz")
    found = again.ours.predict(example.frames[:1])
    np.testing.assert_allclose(found, example.predictions[:1], atol=1e-6)
    assert [way() for way in (again.ours, again.plain, again.peers["Keras, compiled"].way)] == [
        2
    ] * 3


def test_new_processes_predict(races):
    folder, (_, starts) = races
    assert starts.ours() == 1 and "v0" not in (folder / "predictions.csv").read_text()
    assert len((folder / "predictions.csv").read_text().splitlines()) == 2
    assert starts.plain() == 1
