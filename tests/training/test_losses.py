"""Losses compared with the original's numbers and with slow loops."""

from typing import get_args

import numpy as np
import pytest
import tensorflow as tf

from tests.reference import losses as slow
from tests.small import config
from yt8m.config.experiment import read_experiment
from yt8m.config.training import Loss
from yt8m.metrics.cross_entropy import losses
from yt8m.training.losses import LOSSES, cross_entropy, distillation_loss, hinge, softmax
from yt8m.training.step import Objective


@pytest.fixture
def stored(golden):
    """The original's numbers; labels as floats. Row 2 has none."""
    numbers = dict(np.load(golden("losses.npz")))
    return numbers | {"labels": numbers["labels"].astype(np.float32)}


def test_cross_entropy_and_its_gradient_match_the_original(stored):
    found = cross_entropy(tf.constant(stored["predictions"]), stored["labels"])
    np.testing.assert_allclose(found, stored["cross_entropy"], rtol=1e-5)
    inside = tf.constant(np.clip(stored["predictions"], 1e-3, 1 - 1e-3))
    with tf.GradientTape() as tape:
        tape.watch(inside)
        loss = cross_entropy(inside, stored["labels"])
    gradient = tape.gradient(loss, inside)
    np.testing.assert_allclose(gradient, stored["cross_entropy_grad"], rtol=1e-5, atol=1e-6)


def test_the_students_loss_weighs_the_teacher_as_the_original_does(stored):
    teacher = stored["orig_predictions"]
    found = [
        distillation_loss(stored["predictions"], stored["labels"], teacher, float(w))
        for w in stored["lambdas"]
    ]
    np.testing.assert_allclose(found, stored["mixed_cross_entropy"], rtol=1e-5)


def test_the_default_teacher_weight_is_that_of_the_original(stored):
    weight = read_experiment(config()).models["student"].teacher_weight
    teacher = stored["orig_predictions"]
    found = distillation_loss(stored["predictions"], stored["labels"], teacher, weight)
    np.testing.assert_allclose(found, stored["mixed_cross_entropy_default"], rtol=1e-5)


def test_the_hinge_loss_matches_the_original(stored):
    labels = stored["labels"]
    found = [hinge(stored["scores"], labels, float(b)) for b in stored["hinge_b"]]
    np.testing.assert_allclose(found, stored["hinge"], rtol=1e-5)
    found = hinge(stored["predictions"], labels)
    np.testing.assert_allclose(found, stored["hinge_on_probabilities"], rtol=1e-5)


def test_the_softmax_loss_matches_the_original(stored):
    found = softmax(stored["scores"], stored["labels"])
    np.testing.assert_allclose(found, stored["softmax"], rtol=1e-5)
    found = softmax(stored["scores"], stored["labels"].astype(np.int32))
    np.testing.assert_allclose(found, stored["softmax_int_labels"], rtol=1e-5)
    found = softmax(stored["predictions"], stored["labels"])
    np.testing.assert_allclose(found, stored["softmax_on_probabilities"], rtol=1e-5)


@pytest.fixture
def example():
    """Predictions and labels of 5 videos, the last without a label."""
    rng = np.random.default_rng(0)
    labels = rng.random((5, 7)) < 0.3
    labels[4] = False
    return rng.random((5, 7), np.float32), labels


@pytest.mark.parametrize("name", get_args(Loss))
def test_a_loss_agrees_with_a_slow_loop(name, example):
    predictions, labels = example
    found = LOSSES[name](tf.constant(predictions), labels.astype(np.float32))
    assert float(found) == pytest.approx(getattr(slow, name)(predictions, labels), rel=1e-5)


@pytest.mark.parametrize("name", ["hinge", "softmax"])
def test_further_losses_agree_with_a_slow_loop_on_scores(name, example):
    predictions, labels = example
    scores = 40.0 * (predictions - 0.5)
    found = LOSSES[name](tf.constant(scores), labels.astype(np.float32))
    assert float(found) == pytest.approx(getattr(slow, name)(scores, labels), rel=1e-5)


def test_the_losses_are_those_that_a_config_may_name():
    assert tuple(LOSSES) == get_args(Loss)


def test_the_objective_uses_the_chosen_loss_for_labels(example):
    predictions, labels = example[0], example[1].astype(np.float32)
    model = tf.keras.Sequential()
    for name, loss in LOSSES.items():
        found, _ = Objective(loss=name)(model, tf.constant(predictions), labels, None)
        assert float(found) == pytest.approx(float(loss(predictions, labels)))


def test_the_evaluation_loss_of_each_video_has_the_training_loss_as_its_mean(example):
    predictions, labels = example
    expected = cross_entropy(tf.constant(predictions), labels.astype(np.float32))
    assert losses(predictions, labels).mean() == pytest.approx(float(expected), rel=1e-5)
