"""Finding and reading checkpoints, and messages about those that cannot be read."""

import numpy as np
import pytest

from tests.tf1.checkpoints import logistic, write_checkpoint
from yt8m.errors import ArtefactError
from yt8m.tf1.checkpoint import Checkpoint, find_checkpoint

DATA = "inference_model.data-00000-of-00001"
INDEX = "inference_model.index"


@pytest.fixture
def folder(tmp_path):
    return write_checkpoint(tmp_path / "theirs", logistic())


def read_all(path):
    checkpoint = Checkpoint(path)
    return {name: checkpoint.read(name) for name in checkpoint.shapes}


def test_a_checkpoint_is_read_as_written(folder):
    found = read_all(find_checkpoint(folder))
    assert found.keys() == logistic().keys()
    for name, array in logistic().items():
        np.testing.assert_array_equal(found[name], array)
        assert found[name].dtype == array.dtype


def test_an_export_takes_precedence_over_training_checkpoints(folder):
    write_checkpoint(folder, logistic(), "model.ckpt-31")
    assert find_checkpoint(folder).name == "inference_model"
    assert find_checkpoint(folder, "model.ckpt-31").name == "model.ckpt-31"


def test_a_single_training_checkpoint_is_found(tmp_path):
    assert find_checkpoint(write_checkpoint(tmp_path, logistic(), "model.ckpt-5")).name == (
        "model.ckpt-5"
    )


def test_several_training_checkpoints_are_listed(tmp_path):
    for name in ("model.ckpt-5", "model.ckpt-31"):
        write_checkpoint(tmp_path, logistic(), name)
    with pytest.raises(ArtefactError, match=r"several.*ckpt-31, model.ckpt-5; .*--checkpoint"):
        find_checkpoint(tmp_path)
    with pytest.raises(ArtefactError, match=r"no checkpoint 'model.ckpt-6'; it has model.ckpt-31"):
        find_checkpoint(tmp_path, "model.ckpt-6")


def test_a_folder_without_a_checkpoint_is_refused_with_what_was_expected(tmp_path):
    (tmp_path / "inference_model.meta").touch()
    with pytest.raises(ArtefactError, match=r"contains no checkpoint; expected .*model\.index"):
        find_checkpoint(tmp_path)


def test_missing_values_are_detected_immediately(folder):
    (folder / DATA).unlink()
    with pytest.raises(ArtefactError, match=rf"{DATA}: no such file"):
        Checkpoint(folder / "inference_model")


def test_a_missing_part_of_the_values_is_named(folder):
    (folder / DATA).rename(folder / "inference_model.data-00001-of-00002")
    with pytest.raises(ArtefactError, match=r"data-00000-of-00002: no such file"):
        Checkpoint(folder / "inference_model")


@pytest.mark.parametrize("file", [INDEX, DATA])
@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_a_truncated_checkpoint_is_refused(folder, file, share):
    content = (folder / file).read_bytes()
    (folder / file).write_bytes(content[: int(len(content) * share)])
    with pytest.raises(ArtefactError, match=r"inference_model.*cannot be read .*damaged"):
        read_all(folder / "inference_model")


@pytest.mark.parametrize("file", [INDEX, DATA])
def test_a_changed_byte_is_detected(folder, file):
    content = bytearray((folder / file).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / file).write_bytes(content)
    with pytest.raises(ArtefactError, match=r"inference_model.*cannot be read"):
        read_all(folder / "inference_model")
