"""One step on two devices: the batch is split, in parts or not; gradients are summed."""

import subprocess
import sys
from pathlib import Path

import pytest

TWO_DEVICES = """
import sys
import numpy as np
import tensorflow as tf
cpu = tf.config.list_physical_devices("CPU")[0]
parts = [tf.config.LogicalDeviceConfiguration()] * 2
tf.config.set_logical_device_configuration(cpu, parts)
from yt8m.config.settings import Averaging
from yt8m.data.schema import Schema
from yt8m.models import KIND
from yt8m.models.assemble import build_model
from yt8m.training.step import Objective, TrainingStep
schema = Schema({"rgb": 6, "audio": 3}, classes=4)
EQUAL = Averaging(average="equal", every_steps=1)
rng = np.random.default_rng(0)
frames = rng.integers(0, 256, (8, 5, 9), np.uint8)
num_frames = rng.integers(1, 6, 8).astype("int32")
labels = rng.random((8, 4)) < 0.4

def learn(strategy, rows):
    tf.keras.utils.set_random_seed(1)
    with strategy.scope():
        model = build_model(KIND.Recipe(), schema)
        start = [v.numpy() for v in model.variables]
        step = TrainingStep(model, Objective(), 1e9, EQUAL, strategy, PARTS)
    loss, _, predictions = step(frames[rows], num_frames[rows], labels[rows], None, 0.1, 0)
    weights = [v.numpy() for v in model.variables]
    averages = [v.numpy() for v in step.averages]
    moments = [m.numpy() for m in step.adam.first]
    moving = [v.numpy() for v in model.non_trainable_variables]
    means = [(a + b) / 2 for a, b in zip(start, weights)]
    return float(loss), predictions.numpy(), moments, means, averages, moving

two = learn(tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"]), slice(0, 8))
one = [learn(tf.distribute.get_strategy(), s) for s in (slice(0, 4), slice(4, 8))]
assert abs(two[0] - (one[0][0] + one[1][0]) / 2) < 1e-5
np.testing.assert_allclose(two[1], np.concatenate([one[0][1], one[1][1]]), atol=1e-5)
for both, first, second in zip(two[2], one[0][2], one[1][2]):
    np.testing.assert_allclose(both, first + second, atol=1e-5)
for average, mean in zip(two[4], two[3]):
    np.testing.assert_allclose(average, mean, rtol=1e-6, atol=1e-6)
for both, first, second in zip(two[5], one[0][5], one[1][5]):
    np.testing.assert_allclose(both, (first + second) / 2, atol=1e-6)
"""


def run(kind: str, parts: int) -> None:
    code = TWO_DEVICES.replace("KIND", kind).replace("PARTS", str(parts))
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.mark.parametrize(("kind", "parts"), [("logistic", 1), ("logistic", 4), ("netvlad", 2)])
def test_two_devices_see_half_the_batch_each_and_sum_their_gradients(kind, parts):
    run(kind, parts)
