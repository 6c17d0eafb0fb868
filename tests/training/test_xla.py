"""`training.xla: auto` measures whether XLA is faster, once, and keeps to what it found."""

from dataclasses import replace

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.small import write_model_config
from tests.training.runs import content, interrupt_after
from yt8m.config.training import FrameSampling
from yt8m.training import loop, xla
from yt8m.training.run import train
from yt8m.training.state import _variables
from yt8m.training.step import Objective, TrainingStep
from yt8m.training.xla import is_faster_with_xla

BATCH = (
    np.random.default_rng(0).integers(0, 256, (8, 5, 9), np.uint8),
    np.full(8, 5, np.int32),
    np.random.default_rng(1).random((8, 4)) < 0.4,
)


class Linear(keras.Model):
    """Logistic regression on the mean frame. change: of its inputs."""

    def __init__(self, change):
        super().__init__()
        self._change = change
        self._norm = keras.layers.BatchNormalization()
        self._dense = keras.layers.Dense(4, "sigmoid")
        self.build([(None, 5, 9), (None,)])

    def build(self, _):
        """Make the variables."""
        self._norm.build((None, 9))
        self._dense.build((None, 9))
        self.built = True

    def call(self, inputs, training=False):
        """Probabilities [B, 4]."""
        mean = tf.reduce_mean(self._change(tf.cast(inputs[0], tf.float32)), 1)
        return self._dense(self._norm(mean, training=training))


def step_of(change=tf.identity, parts=1):
    return TrainingStep(Linear(change), Objective(), 1.0, micro_batches=parts, xla=None)


def by_numpy(frames):
    """XLA has no such operation."""
    found = tf.numpy_function(lambda values: values, [frames], tf.float32)
    return tf.ensure_shape(found, frames.shape)


@pytest.mark.parametrize("parts", [1, 2])
def test_measuring_says_what_it_found_and_changes_nothing(parts, capsys):
    step = step_of(parts=parts)
    before = {name: np.array(v.numpy()) for name, v in _variables(step).items()}
    is_faster_with_xla(step, step.placed(*BATCH, None), "train it")
    after = {name: np.array(v.numpy()) for name, v in _variables(step).items()}
    assert before.keys() == after.keys()
    assert all((before[name] == after[name]).all() for name in before)
    assert step.gradients.xla is None
    assert capsys.readouterr().err.startswith("train it: forward and backward take ")


@pytest.mark.parametrize(
    ("seconds", "faster"), [((1.0, 0.5), True), ((1.0, 1.0), False), ((1.0, 0.99), False)]
)
def test_xla_must_be_clearly_faster(monkeypatch, capsys, seconds, faster):
    monkeypatch.setattr(xla, "_seconds", lambda *_: seconds)
    step = step_of()
    assert is_faster_with_xla(step, step.placed(*BATCH, None), "train it") == faster
    assert ("with XLA, which is used" in capsys.readouterr().err) == faster


def test_xla_is_not_used_for_a_model_that_it_cannot_compile(capsys):
    step = step_of(by_numpy)
    assert not is_faster_with_xla(step, step.placed(*BATCH, None), "train it")
    assert "train it: XLA is not used, since it fails: " in capsys.readouterr().err


def fails(frames):
    """No device can do it."""
    return tf.ensure_shape(tf.debugging.check_numerics(frames / 0.0, "no numbers"), frames.shape)


def test_a_model_that_fails_without_xla_fails(capsys):
    step = step_of(fails)
    with pytest.raises(tf.errors.InvalidArgumentError, match="no numbers"):
        is_faster_with_xla(step, step.placed(*BATCH, None), "train it")
    assert "XLA" not in capsys.readouterr().err


@pytest.fixture
def config(tmp_path):
    """The settings of a small model, for given choices."""

    def made(choice, **words):
        found = write_model_config(tmp_path, "vlad", epochs=1)
        words = {"frames": FrameSampling("random", 6), "xla": choice, **words}
        return replace(found, training=replace(found.training, **words))

    return made


@pytest.mark.parametrize("choice", [True, False])
def test_a_choice_is_made_once_even_if_the_run_is_interrupted(
    data, config, tmp_path, monkeypatch, choice
):
    train(config(choice), data["train"], tmp_path / "said", tmp_path / "s1")
    measured = []
    monkeypatch.setattr(loop, "is_faster_with_xla", lambda *_: measured.append(1) or choice)
    for last in (0, 2):  # after the choice, before the first step
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            interrupt_after(last, patch)
            train(config("auto"), data["train"], tmp_path / "auto", tmp_path / "s2")
    train(config("auto"), data["train"], tmp_path / "auto", tmp_path / "s2")
    assert measured == [1]
    assert content(tmp_path / "auto") == content(tmp_path / "said")


def test_nothing_is_measured_for_batches_of_many_shapes(data, config, tmp_path, monkeypatch):
    monkeypatch.setattr(loop, "is_faster_with_xla", None)
    chosen = config("auto", frames=FrameSampling("all"))
    with pytest.warns(UserWarning, match="the batches have many shapes"):
        train(chosen, data["train"], tmp_path / "a", tmp_path / "s")
    assert (tmp_path / "a/weights.safetensors").exists()


def test_a_run_that_measures_ends_with_the_weights_of_one_of_both(data, config, tmp_path):
    train(config("auto"), data["train"], tmp_path / "auto", tmp_path / "s")
    found = content(tmp_path / "auto")
    of_both = []
    for choice in (True, False):
        train(config(choice), data["train"], tmp_path / str(choice), tmp_path / "s")
        of_both.append(content(tmp_path / str(choice)))
    assert found in of_both
