"""An extractor's digest follows what its features depend on, and nothing else."""

import os
from dataclasses import replace

import pytest

from tests.extractors.made import IMAGES, SOUNDS, saved_model_folder
from yt8m.errors import ConfigError
from yt8m.extractors.digests import extractor_state, file_digest
from yt8m.extractors.images import onnx, saved_model
from yt8m.extractors.sounds import log_mel, speech_embedding, vggish

MADE = {f"images: {k}": v for k, v in IMAGES.items()} | {
    f"sounds: {k}": v for k, v in SOUNDS.items()
}


def test_all_kinds_have_different_digests_that_stay(tmp_path):
    found = {}
    for kind, make in MADE.items():
        folder = tmp_path / kind.replace(": ", "_")
        folder.mkdir()
        recipe = make(folder)
        assert recipe.digest() == recipe.digest()
        found[recipe.digest()] = kind
    assert len(found) == len(MADE)


@pytest.fixture
def recipe(tmp_path):
    (tmp_path / "a.onnx").write_bytes(b"weights")
    return onnx.Recipe(model=str(tmp_path / "a.onnx"), size=3, resolution=(8, 8))


def test_a_moved_file_does_not_change_the_digest(tmp_path, recipe):
    (tmp_path / "b.onnx").write_bytes(b"weights")
    assert replace(recipe, model=str(tmp_path / "b.onnx")).digest() == recipe.digest()


def test_a_moved_checkpoint_of_several_files_does_not_change_the_digest(tmp_path):
    digests = []
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
        for part in ("index", "data-00000-of-00001"):
            (tmp_path / name / f"vggish.ckpt.{part}").write_bytes(part.encode())
        digests.append(vggish.Recipe(weights=str(tmp_path / name / "vggish.ckpt")).digest())
    assert digests[0] == digests[1]


def test_given_files_show_their_changes_by_identity_and_packaged_ones_by_content(tmp_path, recipe):
    before = extractor_state(recipe)
    assert extractor_state(recipe) == before and before["packaged"] == []
    os.utime(tmp_path / "a.onnx", (0, 0))
    assert extractor_state(recipe) != before
    packaged = extractor_state(speech_embedding.Recipe())
    assert packaged["packaged"] == [file_digest(path) for path in speech_embedding.Recipe().files()]
    (tmp_path / "a.onnx").unlink()
    with pytest.raises(ConfigError, match=r"a\.onnx: cannot be read"):
        extractor_state(recipe)


def test_other_weights_or_settings_change_the_digest(tmp_path, recipe):
    before = recipe.digest()
    assert replace(recipe, mean=(1.0, 2.0, 3.0)).digest() != before
    assert replace(recipe, layout="nhwc").digest() != before
    (tmp_path / "a.onnx").write_bytes(b"weightS")
    assert recipe.digest() != before


def test_all_files_of_a_folder_count_wherever_it_is(tmp_path):
    digests = []
    for name in ("a", "b"):
        path = saved_model_folder(tmp_path / name)
        if name == "b":
            saved_model_copy(tmp_path / "a", path)
        digests.append(saved_model.Recipe(model=str(path), size=5, resolution=(8, 10)).digest())
    assert digests[0] == digests[1]
    (tmp_path / "b" / "variables" / "variables.index").write_bytes(b"other")
    assert saved_model.Recipe(model=str(path), size=5, resolution=(8, 10)).digest() != digests[0]


def saved_model_copy(source, target):
    import shutil

    shutil.rmtree(target)
    shutil.copytree(source, target)


def test_an_extractor_without_files_has_a_digest():
    assert log_mel.Recipe().files() == [] and log_mel.Recipe().digest()


def test_a_missing_file_is_named(tmp_path, recipe):
    (tmp_path / "a.onnx").unlink()
    with pytest.raises(ConfigError, match=r"a\.onnx: cannot be read"):
        recipe.digest()
