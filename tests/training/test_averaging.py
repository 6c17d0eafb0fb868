"""The moving average of weights."""

import numpy as np
import pytest
import tensorflow as tf

from yt8m.config.settings import Averaging
from yt8m.data.schema import Schema
from yt8m.models import netvlad
from yt8m.models.assemble import build_model
from yt8m.training.averaging import move_average
from yt8m.training.step import Objective, TrainingStep


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


def test_a_steps_averages_are_those_of_all_weights_and_batch_norm_statistics():
    """After each of some steps: decay * average + (1 - decay) * value, from the start's values."""
    tf.keras.utils.set_random_seed(1)
    rng, decay = np.random.default_rng(0), 0.8
    schema = Schema({"rgb": 6, "audio": 3}, classes=4)
    model = build_model(netvlad.Recipe(4, 6), schema)
    step = TrainingStep(model, Objective(), clip_norm=1.0, average_decay=decay)
    expected = {v.path: v.numpy().astype(np.float64) for v in model.variables}
    start = dict(expected)
    for number in range(7):
        frames = rng.integers(0, 256, (8, 5, 9), np.uint8)
        num_frames = rng.integers(1, 6, 8).astype(np.int32)
        step(frames, num_frames, rng.random((8, 4)) < 0.4, None, 0.05, number)
        for v in model.variables:
            expected[v.path] = decay * expected[v.path] + (1 - decay) * v.numpy()
    moved = [path for path, values in expected.items() if np.abs(values - start[path]).max() > 1e-3]
    assert {path.rpartition("/")[2] for path in moved} >= {"moving_mean", "moving_variance"}
    assert {v.path for v in model.trainable_variables} <= set(moved)
    for variable, average in zip(model.variables, step.averages, strict=True):
        np.testing.assert_allclose(average, expected[variable.path], rtol=1e-6, atol=1e-6)
