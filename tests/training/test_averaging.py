"""Averages of weights."""

import numpy as np
import pytest
import tensorflow as tf

from yt8m.config.training import Averaging
from yt8m.data.schema import Schema
from yt8m.errors import TrainingError
from yt8m.models import netvlad
from yt8m.models.assemble import build_model
from yt8m.training.averaging import add_to_mean, check_length, move_average
from yt8m.training.durations import average_decay
from yt8m.training.step import Objective, TrainingStep


@pytest.mark.parametrize("memory", [3, 2000])
@pytest.mark.parametrize("name", ["weights", "biases"])
def test_the_moving_average_matches_the_original(golden, memory, name):
    stored = np.load(golden("ema.npz"))
    sequence, shadows = stored[f"{name}_sequence"], stored[f"shadow_hl{memory}_{name}"]
    decay = average_decay(Averaging(memory_steps=memory))
    assert decay == pytest.approx(float(stored[f"decay_hl{memory}"]))
    average = tf.Variable(sequence[0])
    for value, shadow in zip(sequence[1:], shadows, strict=True):
        move_average(average, tf.constant(value), decay)
        np.testing.assert_allclose(average.numpy(), shadow, atol=1e-6)


def test_after_a_half_life_half_of_the_initial_value_is_left():
    decay = average_decay(Averaging(half_life_steps=7))
    average = tf.Variable(1.0)
    for _ in range(7):
        move_average(average, tf.constant(0.0), decay)
    assert float(average) == pytest.approx(0.5, rel=1e-5)


@pytest.mark.parametrize("every", [1, 2, 3])
def test_the_equal_mean_is_that_of_the_start_and_every_so_many_steps(every):
    """By hand: 0 at the start, then 1, 4, 9, 16, 25, 36 after steps 1 to 6."""
    average, seen = tf.Variable(0.0), [0.0]
    for count in range(1, 7):
        add_to_mean(average, tf.constant(float(count**2)), tf.constant(float(count)), every)
        seen += [float(count**2)] if count % every == 0 else []
        assert float(average) == pytest.approx(sum(seen) / len(seen), rel=1e-6)
    assert len(seen) == 1 + 6 // every


def test_between_two_averaged_steps_the_mean_does_not_change():
    values = np.random.default_rng(0).normal(size=50).astype("f4")
    average = tf.Variable(values)
    add_to_mean(average, tf.constant(-values), tf.constant(99.0), 100)
    np.testing.assert_array_equal(average.numpy(), values)


def test_a_run_that_ends_before_the_first_averaged_step_is_refused():
    with pytest.raises(TrainingError, match="every_steps is 7, but there are only 6 steps"):
        check_length(Averaging(average="equal", every_steps=7), "average vlad", 6)
    check_length(Averaging(average="equal", every_steps=6), "average vlad", 6)
    check_length(Averaging(every_steps=7), "average vlad", 6)
    check_length(None, "train vlad", 6)


def test_a_step_averages_all_weights_and_batch_norm_statistics():
    """After each of some steps: decay * average + (1 - decay) * value, from the start's values."""
    tf.keras.utils.set_random_seed(1)
    rng, decay = np.random.default_rng(0), 0.8
    schema = Schema({"rgb": 6, "audio": 3}, classes=4)
    model = build_model(netvlad.Recipe(4, 6), schema)
    step = TrainingStep(model, Objective(), clip_norm=1.0, averaging=Averaging(memory_steps=5.0))
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
