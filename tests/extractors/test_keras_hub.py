"""Networks of KerasHub, saved as presets with random weights."""

from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pytest

from tests.extractors.photos import noise
from yt8m.errors import ArtefactError, ConfigError
from yt8m.extractors.images.keras_hub import Recipe
from yt8m.extractors.preparation import IMAGENET_DEVIATION, IMAGENET_MEAN

needs_keras_hub = pytest.mark.skipif(
    find_spec("keras_hub") is None, reason="keras_hub is not installed: pip install keras-hub"
)
PICTURES = noise(3, 32, 32)


@pytest.fixture(scope="module")
def patches(tmp_path_factory):
    """A small vision transformer, and how it wants its pictures."""
    import keras_hub

    folder = tmp_path_factory.mktemp("presets") / "vit"
    network = keras_hub.models.ViTBackbone((32, 32, 3), 8, 1, 2, 16, 16)
    network.save_to_preset(str(folder))
    keras_hub.layers.ViTImageConverter((32, 32), scale=1 / 100, offset=-1).save_to_preset(
        str(folder)
    )
    return network, Recipe(preset=str(folder), size=16, resolution=(32, 32))


@pytest.fixture(scope="module")
def maps(tmp_path_factory):
    """A small convolutional network, whose preset does not say how it wants its pictures."""
    import keras_hub

    folder = tmp_path_factory.mktemp("presets") / "resnet"
    network = keras_hub.models.ResNetBackbone(
        [64], [3], [64, 16], [1, 1], [1, 2], "basic_block", image_shape=(None, None, 3)
    )
    network.save_to_preset(str(folder))
    return network, Recipe(preset=str(folder), size=16, resolution=(32, 32))


@needs_keras_hub
def test_features_are_means_over_patches_of_pictures_scaled_as_the_preset_says(patches):
    network, recipe = patches
    expected = np.asarray(network(PICTURES / np.float32(100) - 1)).mean(axis=1)
    found = recipe.load(1)(PICTURES)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, atol=1e-4)


@needs_keras_hub
def test_without_a_word_in_the_preset_the_settings_scale(maps):
    network, recipe = maps
    scaled = (PICTURES - np.float32(IMAGENET_MEAN)) / np.float32(IMAGENET_DEVIATION)
    expected = np.asarray(network(scaled)).mean(axis=(1, 2))
    np.testing.assert_allclose(recipe.load(1)(PICTURES), expected, rtol=1e-3, atol=1e-4)
    other = replace(recipe, deviation=(1.0, 2.0, 3.0)).load(1)(PICTURES)
    assert np.abs(other - expected).max() > 1e-2


@needs_keras_hub
def test_presets_that_do_not_suit_are_refused(maps, tmp_path):
    _, recipe = maps
    with pytest.raises(ConfigError, match=r"size: is 9, but the network returns 16 values"):
        replace(recipe, size=9).load(1)(PICTURES)
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ArtefactError, match="is not a preset that KerasHub can load"):
        replace(recipe, preset=str(tmp_path)).load(1)


@needs_keras_hub
def test_networks_of_texts_are_refused(tmp_path):
    import keras_hub

    keras_hub.models.BertBackbone(10, 1, 1, 8, 8).save_to_preset(str(tmp_path / "bert"))
    with pytest.raises(ConfigError, match=r"images\.preset: .*bert is not a network of pictures"):
        Recipe(preset=str(tmp_path / "bert"), size=8, resolution=(8, 8)).load(1)


def test_the_digest_follows_a_folders_content_or_the_handle(tmp_path):
    recipe = Recipe(preset=str(tmp_path), size=8, resolution=(8, 8))
    (tmp_path / "model.weights.h5").write_bytes(b"one")
    before = recipe.digest()
    (tmp_path / "model.weights.h5").write_bytes(b"two")
    assert recipe.digest() != before
    handle = replace(recipe, preset="resnet_50_imagenet")
    assert handle.files() == []
    assert handle.digest() != replace(handle, preset="resnet_18_imagenet").digest()


@pytest.mark.skipif(find_spec("keras_hub") is not None, reason="keras_hub is installed")
def test_without_the_package_its_extra_is_named():
    recipe = Recipe(preset="resnet_50_imagenet", size=8, resolution=(8, 8))
    with pytest.raises(ConfigError, match=r"keras_hub needs keras_hub.*'yt8m\[keras_hub\]'"):
        recipe.load(1)
