"""Mixed experts: predictions and the loss between experts and mixture, against slow loops."""

import numpy as np
import pytest
import tensorflow as tf

from yt8m.layers.mixed_experts import MixedExperts, distillation_loss

VIDEOS, EXPERTS, HIDDEN, FEATURES, CLASSES, TEMPERATURE = 4, 3, 5, 6, 7, 3.0


@pytest.fixture
def inputs():
    """float32 [4, 3, 5] and [4, 6]."""
    random = np.random.default_rng(1)
    vectors = random.normal(size=(VIDEOS, EXPERTS, HIDDEN)).astype("float32")
    return vectors, random.normal(size=(VIDEOS, FEATURES)).astype("float32")


@pytest.fixture
def layer(inputs, filled):
    layer = MixedExperts(CLASSES, 0.5, TEMPERATURE, l2=0.0, name="it")
    layer.build(*(array.shape for array in inputs))
    return filled(layer)


def softmax(values):
    powers = [np.exp(v - max(values)) for v in values]
    return np.array([p / sum(powers) for p in powers])


def slow(weights, vectors, features):
    """Logits of experts [B, M, C] and of the mixture [B, C], one video at a time."""
    logits = np.zeros((VIDEOS, EXPERTS, CLASSES))
    mixture = np.zeros((VIDEOS, CLASSES))
    for video in range(VIDEOS):
        gates = softmax(features[video] @ weights["gates"] + weights["gates_bias"])
        for m in range(EXPERTS):
            kernel, bias = weights[f"kernel_{m + 1}"], weights[f"bias_{m + 1}"]
            logits[video, m] = vectors[video, m] @ kernel + bias
            mixture[video] += gates[m] * logits[video, m]
    return logits, mixture


def slow_loss(logits, mixture):
    total = 0.0
    for video in range(VIDEOS):
        target = softmax(mixture[video] / TEMPERATURE)
        for expert in logits[video]:
            found = softmax(expert / TEMPERATURE)
            total += sum(p * np.log(p / q) for p, q in zip(target, found, strict=True))
    return TEMPERATURE**2 * total / VIDEOS


def test_a_prediction_is_the_sigmoid_of_the_gated_mean_of_logits(layer, inputs, weights_of):
    _, mixture = slow(weights_of(layer), *inputs)
    np.testing.assert_allclose(layer(*inputs), 1 / (1 + np.exp(-mixture)), atol=1e-5)


def test_the_loss_of_training_is_the_weighted_divergence_from_the_mixture(
    layer, inputs, weights_of
):
    layer(*inputs, training=True)
    expected = 0.5 * slow_loss(*slow(weights_of(layer), *inputs))
    assert expected > 0.1
    assert [float(loss) for loss in layer.losses] == [pytest.approx(expected, rel=1e-4)]


@pytest.mark.parametrize("training", [None, False])
def test_there_is_no_such_loss_outside_of_training(layer, inputs, training):
    layer(*inputs, training=training)
    assert layer.losses == []


def test_experts_follow_the_mixture_and_the_mixture_no_expert():
    logits = tf.Variable([[[1.0, -1.0], [0.0, 3.0]]])
    mixture = tf.Variable([[2.0, 0.0]])
    with tf.GradientTape() as tape:
        loss = distillation_loss(logits, mixture, TEMPERATURE)
    of_logits, of_mixture = tape.gradient(loss, [logits, mixture])
    assert of_mixture is None
    # T * (softmax of the expert - softmax of the mixture); the first expert equals the mixture,
    # up to a constant.
    difference = softmax(np.array([0.0, 3.0]) / 3) - softmax(np.array([2.0, 0.0]) / 3)
    np.testing.assert_allclose(of_logits[0, 0], [0.0, 0.0], atol=1e-6)
    np.testing.assert_allclose(of_logits[0, 1], 3 * difference, atol=1e-6)
