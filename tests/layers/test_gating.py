import numpy as np
import pytest

from tests.reference import layers as slow
from yt8m.layers.gating import ContextGating, SqueezedGating


@pytest.fixture
def values():
    return np.random.default_rng(1).normal(size=(3, 4)).astype("float32")


@pytest.mark.parametrize("remove_diagonal", [False, True])
def test_gates_are_computed_from_the_values(values, filled, weights_of, remove_diagonal):
    layer = ContextGating(remove_diagonal=remove_diagonal)
    layer.build(values.shape)
    weights = weights_of(filled(layer))
    kernel = weights["kernel"]
    if remove_diagonal:
        kernel = kernel - np.diag(np.diag(kernel))
    expected = values * slow.sigmoid(slow.normalised(values @ kernel, weights))
    np.testing.assert_allclose(np.asarray(layer(values)), expected, atol=1e-5)


def test_gates_may_be_computed_from_another_source(values, filled, weights_of):
    source = np.random.default_rng(2).normal(size=(3, 6)).astype("float32")
    layer = ContextGating()
    layer.build(values.shape, source.shape)
    weights = weights_of(filled(layer))
    expected = values * slow.sigmoid(slow.normalised(source @ weights["kernel"], weights))
    np.testing.assert_allclose(np.asarray(layer(values, source)), expected, atol=1e-5)


def test_a_bias_replaces_batch_norm(values, filled, weights_of):
    layer = ContextGating(batch_norm=False)
    layer.build(values.shape)
    weights = weights_of(filled(layer))
    expected = values * slow.sigmoid(values @ weights["kernel"] + weights["bias"])
    np.testing.assert_allclose(np.asarray(layer(values)), expected, atol=1e-5)


def test_another_source_has_no_diagonal_to_remove(values):
    with pytest.raises(ValueError, match="remove_diagonal"):
        ContextGating(remove_diagonal=True).build(values.shape, (3, 6))


@pytest.mark.parametrize("reduction", [1, 2, 3])
def test_gates_pass_through_a_bottleneck(values, filled, weights_of, reduction):
    layer = SqueezedGating(reduction)
    layer.build(values.shape)
    weights = weights_of(filled(layer))
    assert weights["squeeze"].shape == (4, 4 // reduction)
    expected = np.zeros_like(values)
    for video, x in enumerate(values):
        narrow = np.maximum(slow.normalised(x @ weights["squeeze"], weights), 0)
        expected[video] = x * slow.sigmoid(narrow @ weights["excite"])
    np.testing.assert_allclose(np.asarray(layer(values)), expected, atol=1e-5)
