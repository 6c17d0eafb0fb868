"""Checkpoints that the original scripts wrote, imported, and videos for them."""

import gzip

import numpy as np
import pytest

from tests.tf1.originals import STAGES
from yt8m.data.manifest import write_manifest
from yt8m.data.schema import Schema
from yt8m.data.survey import build_manifest
from yt8m.serving.graph import load_graph
from yt8m.tf1.importing import Choices, import_checkpoint


@pytest.fixture(scope="session")
def checkpoints(golden):
    return golden("checkpoints")


@pytest.fixture(scope="session")
def imported(checkpoints, tmp_path_factory):
    """The imported folder of a checkpoint, by name; each is imported once."""
    folder, done = tmp_path_factory.mktemp("imported"), set()

    def of(name):
        if name not in done:
            import_checkpoint(checkpoints / name, folder / name, Choices())
            done.add(name)
        return folder / name

    return of


@pytest.fixture(scope="session")
def graphs(imported):
    loaded = {}

    def of(name):
        if name not in loaded:
            loaded[name] = load_graph(imported(name) / STAGES[name])
        return loaded[name]

    return of


@pytest.fixture(scope="session")
def inputs(checkpoints):
    return dict(np.load(checkpoints / "inputs.npz"))


@pytest.fixture(scope="session")
def test16(checkpoints, tmp_path_factory):
    """Manifest of the 16 videos that the original wrote its CSV for."""
    folder = tmp_path_factory.mktemp("test16")
    content = gzip.decompress((checkpoints / "test16.tfrecord.gz").read_bytes())
    (folder / "test16.tfrecord").write_bytes(content)
    manifest = build_manifest([folder / "test16.tfrecord"], Schema(), "test16", 1)
    write_manifest(manifest, folder / "test16.json")
    return folder / "test16.json"
