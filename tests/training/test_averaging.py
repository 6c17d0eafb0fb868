"""The moving average of weights."""

import numpy as np
import pytest
import tensorflow as tf

from yt8m.config.settings import Averaging
from yt8m.training.averaging import move_average


@pytest.mark.parametrize("memory", [3, 2000])
@pytest.mark.parametrize("name", ["weights", "biases"])
def test_the_average_follows_as_the_originals_does(golden, memory, name):
    stored = np.load(golden("ema.npz"))
    sequence, shadows = stored[f"{name}_sequence"], stored[f"shadow_hl{memory}_{name}"]
    decay = Averaging(memory_steps=memory).decay
    assert decay == pytest.approx(float(stored[f"decay_hl{memory}"]))
    average = tf.Variable(sequence[0])
    for value, shadow in zip(sequence[1:], shadows, strict=True):
        move_average(average, tf.constant(value), decay)
        np.testing.assert_allclose(average.numpy(), shadow, atol=1e-6)


def test_after_a_half_life_half_of_the_start_is_left():
    decay = Averaging(half_life_steps=7).decay
    average = tf.Variable(1.0)
    for _ in range(7):
        move_average(average, tf.constant(0.0), decay)
    assert float(average) == pytest.approx(0.5, rel=1e-5)
