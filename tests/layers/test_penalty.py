import keras
import numpy as np
import tensorflow as tf

from yt8m.layers.penalty import l2_penalty


def test_the_penalty_and_its_gradient_are_those_of_keras():
    kernel = tf.random.stateless_normal((40, 30), seed=(1, 2))
    found, expected = (
        _with_gradient(penalty, kernel)
        for penalty in (l2_penalty(0.02), keras.regularizers.L2(0.01))
    )
    for ours, theirs in zip(found, expected, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-6)


def test_a_scale_of_zero_is_no_penalty():
    assert l2_penalty(0.0) is None


def _with_gradient(penalty, kernel):
    with tf.GradientTape() as tape:
        tape.watch(kernel)
        loss = penalty(kernel)
    return loss, tape.gradient(loss, kernel)
