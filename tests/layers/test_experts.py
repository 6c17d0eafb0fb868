import numpy as np
import pytest

from tests.reference import layers as slow
from yt8m.layers.experts import Logistic, MixtureOfExperts


@pytest.fixture
def inputs():
    return np.random.default_rng(4).normal(size=(3, 6)).astype("float32")


def test_logistic_by_hand():
    layer = Logistic(1)
    layer.build((None, 2))
    layer.kernel.assign([[1.0], [-1.0]])
    layer.bias.assign([np.log(3.0)])
    np.testing.assert_allclose(np.asarray(layer(np.float32([[2.0, 2.0]]))), [[0.75]], atol=1e-6)


def test_a_mixture_matches_the_loop_over_classes_and_experts(inputs, filled, weights_of):
    layer = MixtureOfExperts(5, mixtures=3)
    layer.build(inputs.shape)
    weights = weights_of(filled(layer))
    expected = slow.mixture_of_experts(
        inputs, weights["gates"], weights["experts"], weights["expert_bias"], 5, 3
    )
    np.testing.assert_allclose(np.asarray(layer(inputs)), expected, atol=1e-6)


def test_a_low_rank_mixture_factors_its_gates(inputs, filled, weights_of):
    layer = MixtureOfExperts(5, low_rank=2)
    layer.build(inputs.shape)
    weights = weights_of(filled(layer))
    assert weights["gates_down"].shape == (6, 2)
    gates = weights["gates_down"] @ weights["gates"]
    expected = slow.mixture_of_experts(
        inputs, gates, weights["experts"], weights["expert_bias"], 5, 2
    )
    np.testing.assert_allclose(np.asarray(layer(inputs)), expected, atol=1e-6)


@pytest.mark.parametrize("source", ["probabilities", "activations"])
def test_gating_lets_a_share_of_each_probability_through(inputs, filled, weights_of, source):
    layer = MixtureOfExperts(5, gating=source)
    layer.build(inputs.shape)
    weights = weights_of(filled(layer))
    plain = slow.mixture_of_experts(
        inputs, weights["gates"], weights["experts"], weights["expert_bias"], 5, 2
    )
    gate = weights_of(layer.context)
    fed = plain if source == "probabilities" else inputs
    expected = plain * slow.sigmoid(slow.normalised(fed @ gate["kernel"], gate))
    np.testing.assert_allclose(np.asarray(layer(inputs)), expected, atol=1e-5)


def test_the_penalty_is_half_the_squares_of_the_kernels_alone(inputs, filled, weights_of):
    layer = MixtureOfExperts(5, l2=0.01, gating="probabilities")
    layer.build(inputs.shape)
    weights = weights_of(filled(layer))
    expected = 0.005 * (np.sum(weights["gates"] ** 2) + np.sum(weights["experts"] ** 2))
    found = sum(float(loss) for loss in layer.losses)
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_there_is_no_penalty_at_scale_zero(inputs):
    layer = Logistic(5, l2=0.0)
    layer(inputs)
    assert layer.losses == []
