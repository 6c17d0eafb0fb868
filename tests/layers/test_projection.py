import numpy as np

from tests.reference import layers as slow
from yt8m.layers.projection import Projection


def test_a_bias_is_added_without_relu(filled, weights_of):
    inputs = np.random.default_rng(0).normal(size=(3, 4)).astype("float32")
    layer = Projection(2)
    layer.build(inputs.shape)
    weights = weights_of(filled(layer))
    expected = inputs @ weights["kernel"] + weights["bias"]
    np.testing.assert_allclose(np.asarray(layer(inputs)), expected, atol=1e-5)


def test_relu_is_clipped_at_six_after_batch_normalisation(filled, weights_of):
    inputs = np.random.default_rng(0).normal(scale=20, size=(9, 4)).astype("float32")
    layer = Projection(2, relu=True)
    layer.build(inputs.shape)
    weights = weights_of(filled(layer))
    expected = np.clip(slow.normalised(inputs @ weights["kernel"], weights), 0, 6)
    found = np.asarray(layer(inputs))
    np.testing.assert_allclose(found, expected, atol=1e-4)
    assert found.min() == 0 and found.max() == 6


def test_weights_start_with_the_requested_variance():
    layer = Projection(400, fan=25)
    layer.build((None, 100))
    assert abs(np.asarray(layer.kernel).std() - 0.2) < 0.005
