"""VGGish from a checkpoint and from a frozen graph."""

import numpy as np
import pytest

from tests.extractors.made import checkpoint, vggish_graph, vggish_weights
from yt8m.errors import ArtefactError
from yt8m.extractors.mel import RATE
from yt8m.extractors.sounds.vggish import Recipe


def sound(seconds):
    return np.random.default_rng(0).normal(0, 0.2, seconds * RATE).astype(np.float32)


def test_the_checkpoint_and_the_frozen_graph_agree(tmp_path):
    arrays = vggish_weights()
    built = Recipe(weights=str(checkpoint(tmp_path / "a.ckpt", arrays))).load(threads=1)
    frozen = Recipe(weights=str(vggish_graph(tmp_path / "a.pb", arrays))).load(threads=1)
    found = built(sound(10), 10)
    assert found.shape == (10, 128) and found.std() > 0.1 and found.min() < 0
    np.testing.assert_allclose(found, frozen(sound(10), 10), rtol=1e-4, atol=1e-4)


def test_all_files_of_a_checkpoint_count(tmp_path):
    recipe = Recipe(weights=str(checkpoint(tmp_path / "[a].ckpt", vggish_weights())))
    assert [f.rsplit(".ckpt.")[1] for f in recipe.files()] == ["data-00000-of-00001", "index"]
    before = recipe.digest()
    checkpoint(tmp_path / "[a].ckpt", {k: v + 1 for k, v in vggish_weights().items()})
    assert recipe.digest() != before


def refused(recipe, problem):
    with pytest.raises(ArtefactError, match=problem):
        recipe.load(threads=1)


def test_other_files_are_refused(tmp_path):
    arrays = vggish_weights()
    lacking = {k: v for k, v in arrays.items() if "fc2" not in k}
    path = checkpoint(tmp_path / "lacking.ckpt", lacking)
    refused(Recipe(weights=str(path)), "has no variables vggish/fc2/biases, vggish/fc2/weights")
    wrong = arrays | {"vggish/conv2/weights": np.zeros((3, 3, 5, 5), np.float32)}
    path = checkpoint(tmp_path / "wrong.ckpt", wrong)
    refused(Recipe(weights=str(path)), "do not fit VGGish")
    (tmp_path / "text.ckpt").write_text("hello")
    refused(Recipe(weights=str(tmp_path / "text.ckpt")), "is not a checkpoint")
    refused(Recipe(weights=str(tmp_path / "none.ckpt")), "is not a checkpoint")
    (tmp_path / "text.pb").write_text("hello")
    refused(Recipe(weights=str(tmp_path / "text.pb")), "is not a frozen graph")
    refused(Recipe(weights=str(tmp_path / "none.pb")), "cannot be read")
    (tmp_path / "empty.pb").write_bytes(b"")
    refused(Recipe(weights=str(tmp_path / "empty.pb")), "has no tensor vggish/fc2/BiasAdd")
