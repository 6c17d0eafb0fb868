"""A folder as a user has it: an archive from videos, records, and a video."""

import numpy as np
import pytest

import yt8m
from tests.labelling.made import write_ensemble
from tests.small import write_dataset
from tests.video.clips import make_clip, tone
from yt8m.metrics.files import write_metrics
from yt8m.serving.archive import write_archive
from yt8m.serving.graph import load_graph


@pytest.fixture(scope="package")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("user")
    write_dataset(folder)
    made = write_ensemble(folder)
    measured = yt8m.evaluate(np.eye(6), np.eye(6))
    write_metrics(folder / "metrics.validate.json", measured, load_graph(made).fingerprint)
    write_archive(made, folder / "final.tar.gz", metrics=[folder / "metrics.validate.json"])
    make_clip(folder / "clip.mp4", 7 * 5, 5, sound=tone(7))
    return folder


@pytest.fixture(scope="package")
def classifier(place):
    return yt8m.load(place / "final.tar.gz")


@pytest.fixture(scope="package")
def batch(place):
    """30 videos of 4 to 10 frames."""
    return next(yt8m.read_records(place / "validate.json").batches(30))
