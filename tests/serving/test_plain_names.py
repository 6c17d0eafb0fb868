"""TensorFlow finds a graph whatever its folder is called."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from tests.serving.stages import write_stage
from tests.small import SCHEMA
from tests.soaking import mostly
from yt8m.data.schema import Batch
from yt8m.serving.ensemble import export_ensemble
from yt8m.serving.exporting.members import members_in
from yt8m.serving.graph import load_graph
from yt8m.serving.plain_names import MAGIC, plain_name
from yt8m.tf1.checkpoint import Checkpoint

NAMES = ["a[1]", "a*", "a?", "a\\b", "[!x]", "a b", "é"]


@pytest.fixture(scope="module")
def ensemble(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plain")
    export_ensemble("final", {write_stage(folder, "vlad"): 1.0}, folder / "final")
    return folder / "final"


@pytest.fixture(scope="module")
def batch():
    """A video of three frames."""
    frames = np.zeros((1, 3, SCHEMA.feature_size), np.uint8)
    return Batch(["a"], frames, np.array([3], np.int32), np.zeros((1, SCHEMA.classes), bool))


@pytest.fixture(scope="module")
def expected(ensemble, batch):
    """Its predictions, from a folder with a plain name."""
    return load_graph(ensemble).predict(batch)


@pytest.mark.parametrize("name", mostly(NAMES, ["a[1]", "a*", "a\\b", "é"]))
def test_a_graph_and_its_members_are_read_from_a_folder_of_any_name(
    ensemble, batch, expected, tmp_path, monkeypatch, name
):
    folder = shutil.copytree(ensemble, tmp_path / name)
    temporary = tmp_path / f"tmp {name}"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    np.testing.assert_array_equal(load_graph(folder).predict(batch), expected)
    assert [m.name for m in members_in(folder)[0]] == ["vlad"]
    monkeypatch.chdir(tmp_path)
    load_graph(Path(name))
    assert not list(temporary.iterdir())


@pytest.mark.parametrize("name", NAMES)
def test_a_checkpoint_is_read_from_a_folder_of_any_name(tmp_path, name):
    (tmp_path / name).mkdir()
    value = tf.Variable([1.0, 2.0])
    with plain_name(tmp_path / name) as plain:
        tf.train.Checkpoint(value=value).write(str(plain / "checkpoint"))
    checkpoint = Checkpoint(tmp_path / name / "checkpoint")
    (found,) = (n for n in checkpoint.shapes if n.startswith("value"))
    np.testing.assert_array_equal(checkpoint.read(found), [1.0, 2.0])


def test_a_plain_name_is_used_directly_and_any_other_through_a_temporary_link(tmp_path):
    with plain_name(tmp_path) as plain:
        assert plain == tmp_path
    (tmp_path / "a[1]").mkdir()
    with plain_name(tmp_path / "a[1]") as plain:
        assert plain.samefile(tmp_path / "a[1]") and not MAGIC & set(str(plain))
    assert not plain.exists()
