"""The default network of pictures: its weights, its layers, its classes."""

import numpy as np
import pytest

from tests.extractors.photos import noise, photo
from yt8m.extractors.images.efficientnet_lite0 import Recipe
from yt8m.extractors.networks.efficientnet_lite0 import EPSILON, block, convolution
from yt8m.extractors.torch_weights import read_torch_weights


@pytest.fixture(scope="module")
def weights():
    (path,) = Recipe().files()
    return read_torch_weights(path)


@pytest.fixture(scope="module")
def extract():
    return Recipe().load(threads=1)


def classes(features, weights):
    """Probabilities of ImageNet's classes, by the head that comes with the weights."""
    logits = features @ weights["_fc.weight"].T + weights["_fc.bias"]
    exponentials = np.exp(logits - logits.max())
    return exponentials / exponentials.sum()


PHOTOS = {  # name -> classes, least probability of these together
    "chelsea.png": ((281, 282, 283, 284, 285), 0.8),  # tabby, tiger, Persian, Siamese, Egyptian cat
    "coffee.png": ((504, 967, 968), 0.8),  # mug, espresso, cup
}


@pytest.mark.parametrize("name", PHOTOS)
def test_photos_get_their_classes(extract, weights, name):
    expected, least = PHOTOS[name]
    probabilities = classes(extract(photo(name)[None])[0], weights)
    assert probabilities.argmax() in expected
    assert probabilities[list(expected)].sum() > least


def test_features_have_the_size_and_range_that_the_recipe_says(extract):
    pictures = np.concatenate([noise(2), photo("chelsea.png")[None]])
    features = extract(pictures)
    assert features.shape == (3, Recipe().size) and features.dtype == np.float32
    assert features.min() >= 0 and features.max() <= 6 and features.std() > 0.1


def test_a_picture_has_the_same_features_in_any_batch(extract):
    pictures = noise(5)
    alone = np.concatenate([extract(p[None]) for p in pictures])
    np.testing.assert_allclose(extract(pictures), alone, atol=2e-5)


def slow_convolution(maps, kernel, stride, groups):
    """Channels, rows and columns one by one. maps: [h, w, c]; kernel: [out, in / groups, k, k]."""
    size, each = kernel.shape[2], kernel.shape[1]
    rows = -(-maps.shape[0] // stride)
    missing = max(0, (rows - 1) * stride + size - maps.shape[0])
    before = missing // 2
    padded = np.pad(maps, ((before, missing - before), (before, missing - before), (0, 0)))
    found = np.zeros((rows, rows, len(kernel)))
    for out in range(len(kernel)):
        first = out * groups // len(kernel) * each
        for y in range(rows):
            for x in range(rows):
                seen = padded[y * stride :, x * stride :][:size, :size, first : first + each]
                found[y, x, out] = (seen * kernel[out].transpose(1, 2, 0)).sum()
    return found


def slow_norm(maps, weights, name):
    mean, variance = weights[f"{name}.running_mean"], weights[f"{name}.running_var"]
    scaled = (maps - mean) / np.sqrt(variance + EPSILON)
    return scaled * weights[f"{name}.weight"] + weights[f"{name}.bias"]


def slow_block(maps, weights, name, stride):
    """The layers in turn, as the architecture's paper has them, in float64."""
    found = maps
    if f"{name}._expand_conv.weight" in weights:
        found = slow_convolution(found, weights[f"{name}._expand_conv.weight"], 1, 1)
        found = np.clip(slow_norm(found, weights, f"{name}._bn0"), 0, 6)
    kernel = weights[f"{name}._depthwise_conv.weight"]
    found = slow_convolution(found, kernel, stride, len(kernel))
    found = np.clip(slow_norm(found, weights, f"{name}._bn1"), 0, 6)
    found = slow_convolution(found, weights[f"{name}._project_conv.weight"], 1, 1)
    found = slow_norm(found, weights, f"{name}._bn2")
    return found + maps if found.shape == maps.shape else found


@pytest.mark.parametrize(
    ("name", "stride", "channels"),
    [("_blocks.0", 1, 32), ("_blocks.1", 2, 16), ("_blocks.2", 1, 24), ("_blocks.3", 2, 24)],
)
def test_a_block_agrees_with_loops_over_its_layers(weights, name, stride, channels):
    maps = np.random.default_rng(1).normal(size=(8, 8, channels))
    found = np.asarray(block(maps[None].astype(np.float32), weights, name, stride))[0]
    np.testing.assert_allclose(found, slow_block(maps, weights, name, stride), atol=1e-4)


def test_the_first_layer_agrees_with_loops(weights):
    maps = np.random.default_rng(1).normal(size=(9, 9, 3))
    slow = slow_norm(slow_convolution(maps, weights["_conv_stem.weight"], 2, 1), weights, "_bn0")
    found = convolution(maps[None].astype(np.float32), weights, "_conv_stem", "_bn0", 2)
    np.testing.assert_allclose(np.asarray(found)[0], np.clip(slow, 0, 6), atol=1e-5)
