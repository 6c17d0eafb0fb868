"""Losses against the original's numbers."""

import numpy as np
import pytest
import tensorflow as tf

from yt8m.outputs.evaluation import losses
from yt8m.training.losses import cross_entropy, distillation_loss


def test_cross_entropy_and_its_gradient_are_the_originals(golden):
    stored = np.load(golden("losses.npz"))
    labels = stored["labels"].astype(np.float32)
    found = cross_entropy(tf.constant(stored["predictions"]), labels)
    np.testing.assert_allclose(found, stored["cross_entropy"], rtol=1e-5)
    inside = tf.constant(np.clip(stored["predictions"], 1e-3, 1 - 1e-3))
    with tf.GradientTape() as tape:
        tape.watch(inside)
        loss = cross_entropy(inside, labels)
    gradient = tape.gradient(loss, inside)
    np.testing.assert_allclose(gradient, stored["cross_entropy_grad"], rtol=1e-5, atol=1e-6)


def test_the_students_loss_weighs_the_teacher_as_the_original_does(golden):
    stored = np.load(golden("losses.npz"))
    labels = stored["labels"].astype(np.float32)
    found = [
        distillation_loss(stored["predictions"], labels, stored["orig_predictions"], float(w))
        for w in stored["lambdas"]
    ]
    np.testing.assert_allclose(found, stored["mixed_cross_entropy"], rtol=1e-5)


def test_the_evaluation_loss_of_each_video_has_the_training_loss_as_its_mean():
    rng = np.random.default_rng(0)
    predictions = rng.random((5, 7), np.float32)
    labels = rng.random((5, 7)) < 0.3
    expected = cross_entropy(tf.constant(predictions), labels.astype(np.float32))
    assert losses(predictions, labels).mean() == pytest.approx(float(expected), rel=1e-5)
