"""A step on two devices: the batch is split, in parts or not; gradients are summed."""

import subprocess
import sys
from pathlib import Path

import pytest
import tensorflow as tf

from tests.soaking import soak
from yt8m.runtime.devices import use_devices
from yt8m.training.step import available_strategy

CPUS = """
import sys
import tensorflow as tf
cpu = tf.config.list_physical_devices("CPU")[0]
parts = [tf.config.LogicalDeviceConfiguration()] * 2
tf.config.set_logical_device_configuration(cpu, parts)
"""

TWO_DEVICES = """
import numpy as np
from yt8m.config.training import Averaging
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
        step = TrainingStep(model, Objective(), 1e9, EQUAL, strategy, PARTS, XLA)
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


def run(code: str, *arguments) -> None:
    """Run code in a process with two CPUs as devices."""
    done = subprocess.run(
        [sys.executable, "-c", CPUS + code, *map(str, arguments)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.mark.parametrize(
    ("kind", "parts", "xla"),
    [
        ("logistic", 1, False),
        ("logistic", 4, False),
        soak("netvlad", 2, False),
        ("netvlad", 1, True),
    ],
)
def test_two_devices_take_half_of_the_batch_each_and_sum_their_gradients(kind, parts, xla):
    code = TWO_DEVICES.replace("KIND", kind).replace("PARTS", str(parts))
    run(code.replace("XLA", str(xla)))


TWO_TOWERS = """
import keras
import numpy as np
from yt8m.training.step import TrainingStep
stored = dict(np.load(sys.argv[1]))
towers = [[stored[f"tower{t}_grad{i}"] for i in range(3)] for t in range(2)]

class Linear(keras.Model):
    # Its gradient on a video is the video.
    def __init__(self):
        super().__init__()
        shapes = [gradient.shape for gradient in towers[0]]
        self.kernels = [self.add_weight(s, "zeros", name=f"w{i}") for i, s in enumerate(shapes)]

    def call(self, inputs):
        flat = tf.concat([tf.reshape(k, [-1]) for k in self.kernels], 0)
        return tf.linalg.matvec(inputs[0][:, 0], flat)[:, None]

class Mean:
    regularisation = 0.0

    def __call__(self, model, predictions, labels, teacher):
        return tf.reduce_mean(predictions), tf.constant(0.0)

frames = np.stack([np.concatenate([g.ravel() for g in tower]) for tower in towers])[:, None]
strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
for norm, word in ((1e9, "combined"), (1.0, "clipped")):
    with strategy.scope():
        step = TrainingStep(Linear(), Mean(), norm, None, strategy)
    step(frames, np.ones(2, np.int32), np.zeros((2, 1), bool), None, 0.1, 0)
    for number, moment in enumerate(step.adam.first):  # a tenth of the gradient
        expected = stored[f"{word}{number}"]
        np.testing.assert_allclose(10 * moment.numpy(), expected, rtol=1e-6, atol=1e-6)
"""


def test_gradients_of_two_towers_are_combined_as_the_originals_were(golden):
    run(TWO_TOWERS, golden("gradients.npz"))


RESUMED = """
from pathlib import Path
from tests.small import write_dataset, write_model_config
from yt8m.training import loop, run
from yt8m.training.state import State
folder = Path(sys.argv[1])
records = write_dataset(folder / "data")["train"]
config = write_model_config(folder, "vlad")
starts, batches, save = [], loop._remaining_batches, State.save
one, two = tf.distribute.get_strategy(), tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])

def noted(records, settings, videos_per_step, done, *more):
    starts.append((videos_per_step, done))
    return batches(records, settings, videos_per_step, done, *more)

def save_and_stop(self, *arguments):
    save(self, *arguments)
    raise KeyboardInterrupt

def start_and_stop(strategy):
    run.available_strategy = lambda: strategy
    try:
        run.train(config, records, folder / "out", folder / "state")
    except KeyboardInterrupt:
        pass

loop._remaining_batches, State.save, State.is_due = noted, save_and_stop, lambda self: True
for strategy in (two, one, two, one):
    start_and_stop(strategy)
assert starts == [(20, 0), (10, 0), (20, 1), (10, 1)], starts
"""


def test_a_run_resumes_only_on_the_same_number_of_devices(tmp_path):
    """On another number, the same position would refer to other videos."""
    run(RESUMED, tmp_path)


class Devices:
    """Replaces `tf.config`, as on a machine with GPUs."""

    def __init__(self, gpus: int):
        self.gpus = [f"GPU:{number}" for number in range(gpus)]
        self.visible = list(self.gpus)
        self.experimental = self

    def list_physical_devices(self, kind: str) -> list[str]:
        return self.gpus

    def get_visible_devices(self, kind: str) -> list[str]:
        return self.visible

    def set_visible_devices(self, devices: list[str], kind: str) -> None:
        self.visible = devices

    def set_memory_growth(self, device: str, grows: bool) -> None:
        assert grows


@pytest.mark.parametrize(("gpus", "several"), [(None, True), (2, True), (1, False), (0, False)])
def test_a_run_uses_the_requested_gpus(monkeypatch, gpus, several):
    """Not all GPUs of the machine."""
    monkeypatch.setattr(tf, "config", Devices(3))
    monkeypatch.setattr(tf.distribute, "MirroredStrategy", lambda: "side by side")
    use_devices(0, gpus)
    assert (available_strategy() == "side by side") == several
