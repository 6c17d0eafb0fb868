"""A batch in parts: the same step as with the whole batch, in less memory."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from tests.reference.layers import moments, unit_length
from yt8m.classifiers import logistic as logistic_classifier
from yt8m.data.schema import Schema
from yt8m.models import bilstm, logistic, moe, netvlad
from yt8m.models.assemble import build_model
from yt8m.training.step import Objective, TrainingStep

SCHEMA = Schema({"rgb": 6, "audio": 3}, classes=4)
VIDEOS, FRAMES = 8, 5
WITHOUT_BATCH_NORM = {
    "logistic": logistic.Recipe(l2=1.0),
    "moe": moe.Recipe(l2=1.0),
    "bilstm": bilstm.Recipe(6, classifier=logistic_classifier.Recipe(l2=1.0)),
}
WITH_BATCH_NORM = netvlad.Recipe(
    4, 6, relu=True, gating=False, classifier=logistic_classifier.Recipe(l2=1.0)
)


@pytest.fixture
def batch():
    """Frames, num_frames, labels and a teacher's predictions."""
    rng = np.random.default_rng(0)
    frames = rng.normal(size=(VIDEOS, FRAMES, 9)).astype(np.float32)
    num_frames = np.array([5, 2, 1, 5, 4, 3, 5, 2], np.int32)
    for video, n in zip(frames, num_frames, strict=True):
        video[n:] = 0.0
    labels = rng.random((VIDEOS, SCHEMA.classes)) < 0.4
    return frames, num_frames, labels, rng.random((VIDEOS, SCHEMA.classes), np.float32)


def learn(recipe, batch, parts, teacher_weight=None, clip_norm=0.3, steps=1, xla=False):
    """(losses and predictions, gradients, weights by name) after training on the batch."""
    tf.keras.utils.set_random_seed(1)
    model = build_model(recipe, SCHEMA)
    step = TrainingStep(
        model, Objective(0.5, teacher_weight), clip_norm, micro_batches=parts, xla=xla
    )
    teacher = None if teacher_weight is None else batch[3]
    for number in range(steps):
        results = step(*batch[:3], teacher, 0.01, number)
    gradients = [10.0 * m.numpy() for m in step.adam.first]  # Adam kept a tenth of them
    return [r.numpy() for r in results], gradients, {v.path: v.numpy() for v in model.variables}


def part_of(batch, number, parts):
    size = VIDEOS // parts
    return [array[number * size : (number + 1) * size] for array in batch]


@pytest.mark.parametrize("parts", [1, 2])
def test_xla_computes_the_same_step(parts, batch):
    plain, gradients, weights = learn(WITH_BATCH_NORM, batch, parts, steps=2)
    results, of_xla, weights_of_xla = learn(WITH_BATCH_NORM, batch, parts, steps=2, xla=True)
    for found, expected in zip(results + of_xla, plain + gradients, strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=2e-6)
    for path, expected in weights.items():
        np.testing.assert_allclose(weights_of_xla[path], expected, rtol=1e-4, atol=2e-4)


@pytest.mark.parametrize(("kind", "parts"), [("logistic", 2), ("moe", 8), ("bilstm", 4)])
def test_a_step_in_parts_equals_that_of_the_whole_batch(kind, parts, batch):
    recipe = WITHOUT_BATCH_NORM[kind]
    results, gradients, _ = learn(recipe, batch, 1)
    part_results, part_gradients, _ = learn(recipe, batch, parts)
    for whole, found in zip(results, part_results, strict=True):
        np.testing.assert_allclose(found, whole, rtol=1e-6)
    for whole, found in zip(gradients, part_gradients, strict=True):
        np.testing.assert_allclose(found, whole, atol=2e-7)  # of norm 0.3 at most


def test_many_steps_in_parts_end_with_the_same_weights_as_whole_batches(batch):
    recipe = WITHOUT_BATCH_NORM["moe"]
    _, _, weights = learn(recipe, batch, 1, steps=20)
    _, _, found = learn(recipe, batch, 4, steps=20)
    for path, values in weights.items():
        np.testing.assert_allclose(found[path], values, atol=1e-5)


def test_gradients_are_clipped_after_the_parts_are_summed(batch):
    """If clipped one by one, gradients of unequal parts would have another direction."""
    recipe = WITHOUT_BATCH_NORM["logistic"]
    _, free, _ = learn(recipe, batch, 4, clip_norm=1e9)
    _, clipped, _ = learn(recipe, batch, 4, clip_norm=0.01)
    for long, short in zip(free, clipped, strict=True):
        np.testing.assert_allclose(short, 0.01 * long / np.linalg.norm(long), rtol=1e-4)


def test_a_students_step_in_parts_equals_that_of_the_whole_batch(batch):
    results, gradients, _ = learn(WITHOUT_BATCH_NORM["moe"], batch, 1, teacher_weight=0.7)
    found, part_gradients, _ = learn(WITHOUT_BATCH_NORM["moe"], batch, 4, teacher_weight=0.7)
    np.testing.assert_allclose(found[0], results[0], rtol=1e-6)
    for whole, part in zip(gradients, part_gradients, strict=True):
        np.testing.assert_allclose(part, whole, atol=2e-7)


def test_with_batch_norm_parts_are_steps_from_the_same_start_averaged(batch):
    """Losses, gradients and statistics are the means over the parts."""
    alone = [learn(WITH_BATCH_NORM, part_of(batch, n, 2), 1, clip_norm=1e9) for n in range(2)]
    results, gradients, weights = learn(WITH_BATCH_NORM, batch, 2, clip_norm=1e9)
    for place in (0, 1):
        expected = np.mean([part[0][place] for part in alone])
        assert results[place] == pytest.approx(expected, rel=1e-6)
    expected = np.concatenate([part[0][2] for part in alone])
    np.testing.assert_allclose(results[2], expected, rtol=1e-5)
    for number, found in enumerate(gradients):
        expected = np.mean([part[1][number] for part in alone], axis=0)
        np.testing.assert_allclose(found, expected, atol=1e-6 * max(1, np.abs(expected).max()))
    statistics = [path for path in weights if "moving_" in path]
    assert len(statistics) == 8
    for path in statistics:
        expected = np.mean([part[2][path] for part in alone], axis=0)
        np.testing.assert_allclose(weights[path], expected, atol=1e-6)


def test_the_moving_statistics_are_updated_with_the_mean_over_the_parts(batch):
    """The frames are the input of the first batch norm, so its numbers can be computed by hand."""
    frames, num_frames, _, _ = batch
    unit = np.array([[unit_length(frame) for frame in video] for video in frames])
    of_parts = [moments(*part_of((unit, num_frames), n, 4)) for n in range(4)]
    _, _, weights = learn(WITH_BATCH_NORM, batch, 4)
    mean, unbiased = (np.mean([part[i] for part in of_parts], axis=0) for i in (0, 2))
    found = weights["input_normalisation/moving_mean"]
    np.testing.assert_allclose(found, 0.001 * mean, atol=1e-8)
    found = weights["input_normalisation/moving_variance"]
    np.testing.assert_allclose(found, 0.999 + 0.001 * unbiased, atol=2e-7)


def test_a_step_in_parts_is_one_update_of_the_moving_statistics(batch):
    """So that decay and warm-up count steps, however many parts a step has."""
    _, _, weights = learn(WITH_BATCH_NORM, batch, 4, steps=3)
    counts = [value for path, value in weights.items() if path.endswith("/updates")]
    assert counts and set(map(float, counts)) == {3.0}


PEAK = """
import re, sys
from pathlib import Path
import numpy as np
from yt8m.data.schema import Schema
from yt8m.models import netvlad
from yt8m.models.assemble import build_model
from yt8m.training.step import Objective, TrainingStep
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])
schema = Schema({"rgb": 256, "audio": 32}, classes=4)
step = TrainingStep(
    build_model(netvlad.Recipe(64, 8), schema), Objective(), 1.0, micro_batches=int(sys.argv[1])
)
def learn(frames):
    videos = len(frames)
    num_frames, labels = np.full(videos, 300, np.int32), np.zeros((videos, 4), bool)
    step(frames, num_frames, labels, None, 0.1, 0)
learn(np.zeros((16, 2, 288), np.uint8))  # what tracing and the libraries need
before = peak()
learn(np.zeros((128, 300, 288), np.uint8))
print(peak() - before)
"""


def peak_kilobytes(parts):
    """What a NetVLAD step on 128 videos of 300 frames adds to the memory of its process."""
    done = subprocess.run(
        [sys.executable, "-c", PEAK, str(parts)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return int(done.stdout)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read in /proc")
def test_parts_need_less_memory():
    assert peak_kilobytes(8) < 0.5 * peak_kilobytes(1)
