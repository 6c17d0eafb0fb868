"""Whole runs: what they write, and that they are reproducible."""

import csv
from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf

from tests.small import write_model_config
from tests.training.runs import content, digest, equal_mean
from yt8m.training.run import average, train
from yt8m.weights import load_weights


def test_training_lowers_the_loss_and_writes_its_history(trained):
    with (trained / "a/history.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [int(row["step"]) for row in rows] == [1, 5, 10, 12]
    assert float(rows[-1]["loss"]) < float(rows[0]["loss"])
    assert float(rows[-1]["videos"]) == 120
    assert not (trained / "state").exists()


def test_training_can_be_followed_in_tensorboard(trained):
    (events,) = (trained / "events").iterdir()
    tags = {
        v.tag for e in tf.compat.v1.train.summary_iterator(str(events)) for v in e.summary.value
    }
    assert {"loss", "gap", "learning_rate", "videos_per_second"} <= tags


def test_the_same_seed_gives_the_same_bits_and_another_does_not(data, trained, tmp_path):
    train(write_model_config(tmp_path, "vlad"), data["train"], tmp_path / "b", tmp_path / "s")
    assert digest(tmp_path / "b") == digest(trained / "a")
    other = write_model_config(tmp_path, "vlad", seed=2)
    train(other, data["train"], tmp_path / "c", tmp_path / "s")
    assert content(tmp_path / "c") != content(trained / "a")


def test_the_average_is_between_the_initial_and_the_final_weights(data, trained, tmp_path):
    config = write_model_config(tmp_path, "vlad")
    start = trained / "a/weights.safetensors"
    average(config, start, data["train"], tmp_path / "ema", tmp_path / "s")
    before, _ = load_weights(start)
    after, _ = load_weights(tmp_path / "ema/weights.safetensors")
    assert before.keys() == after.keys()
    moved = [name for name in before if not np.array_equal(before[name], after[name])]
    assert any(name.endswith("moving_mean") for name in moved)
    assert any(name.endswith("kernel") for name in moved)


def test_the_equal_mean_is_that_of_snapshots_during_training(data, trained, tmp_path, monkeypatch):
    """Of the start and of steps 2, 4 and 6 of 6, summed outside of the step."""
    from yt8m.training.step import TrainingStep

    config = equal_mean(write_model_config(tmp_path, "vlad"), 2)
    start = trained / "a/weights.safetensors"
    snapshots, original = [load_weights(start)[0]], TrainingStep.run

    def and_look(self, *arguments):
        result = original(self, *arguments)
        if (arguments[-1] + 1) % 2 == 0:
            snapshots.append({v.path: np.asarray(v.numpy()) for v in self.model.variables})
        return result

    monkeypatch.setattr(TrainingStep, "run", and_look)
    average(config, start, data["train"], tmp_path / "mean", tmp_path / "s")
    found, _ = load_weights(tmp_path / "mean/weights.safetensors")
    assert len(snapshots) == 4
    for name, values in found.items():
        expected = np.mean([s[name] for s in snapshots], axis=0, dtype="f8")
        np.testing.assert_allclose(values, expected, rtol=1e-5, atol=1e-6, err_msg=name)


@pytest.mark.parametrize("loss", ["hinge", "softmax"])
def test_a_run_minimises_the_loss_named_in_its_config(data, tmp_path, loss):
    config = write_model_config(tmp_path, "vlad", epochs=8)
    config = replace(config, training=replace(config.training, loss=loss))
    train(config, data["train"], tmp_path / "out", tmp_path / "s")
    with (tmp_path / "out/history.csv").open() as file:
        found = [float(row["loss"]) for row in csv.DictReader(file)]
    first = {"hinge": 6.0, "softmax": np.log(6)}[loss]  # about that, where classes are all alike
    assert found[0] == pytest.approx(first, rel=0.2)
    assert found[-1] < 0.95 * found[0]
