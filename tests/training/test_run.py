"""Whole runs: what they write, that they repeat, resume and refuse."""

import csv
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from tests.small import SCHEMA, write_dataset, write_model_config
from yt8m.data.examples import decode_video, encode_video
from yt8m.data.records import Records
from yt8m.data.soft_labels import encode_soft_label
from yt8m.data.survey import build_manifest
from yt8m.data.tfrecord import read_records, write_records
from yt8m.errors import ArtefactError, TrainingError
from yt8m.serving.graph import load_graph
from yt8m.training import loop
from yt8m.training.run import average, train
from yt8m.weights import load_weights


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return write_dataset(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def folder(data):
    """Where the manifests lie."""
    return data["train"].shards[0].path.parent.parent


def digest(folder: Path) -> bytes:
    return (folder / "weights.safetensors").read_bytes()


@pytest.fixture(scope="module")
def trained(data, tmp_path_factory):
    out = tmp_path_factory.mktemp("trained")
    config = write_model_config(out, "vlad")
    train(config, data["train"], out / "a", out / "state", tensorboard=out / "events")
    return out


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
    assert digest(tmp_path / "c") != digest(trained / "a")


def test_the_average_lies_between_its_start_and_where_training_went(data, trained, tmp_path):
    config = write_model_config(tmp_path, "vlad")
    start = trained / "a/weights.safetensors"
    average(config, start, data["train"], tmp_path / "ema", tmp_path / "s")
    before, _ = load_weights(start)
    after, _ = load_weights(tmp_path / "ema/weights.safetensors")
    assert before.keys() == after.keys()
    moved = [name for name in before if not np.array_equal(before[name], after[name])]
    assert any(name.endswith("moving_mean") for name in moved)
    assert any(name.endswith("kernel") for name in moved)


def start_training(folder: Path, model: Path, out: Path, state: Path) -> subprocess.Popen:
    """`yt8m train` as a process of its own."""
    arguments = [model / "config.json", "--records", folder / "train.json"]
    arguments += ["--state", state, "--out", out, "--state-seconds", "0"]
    arguments += ["--threads", "1"]
    return subprocess.Popen(
        [sys.executable, "-m", "yt8m", "train", *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("stop", [signal.SIGKILL, signal.SIGTERM])
def test_a_run_killed_on_the_way_ends_as_if_it_had_not_been(folder, tmp_path, stop):
    write_model_config(tmp_path, "vlad", epochs=60)
    undisturbed = start_training(folder, tmp_path, tmp_path / "whole", tmp_path / "s1")
    assert undisturbed.wait(300) == 0, undisturbed.stderr.read()

    killed = start_training(folder, tmp_path, tmp_path / "again", tmp_path / "s2")
    deadline = time.monotonic() + 120
    while not list((tmp_path / "s2").glob("*/state.safetensors")):
        assert time.monotonic() < deadline and killed.poll() is None
        time.sleep(0.02)
    killed.send_signal(stop)
    _, stderr = killed.communicate(timeout=60)
    assert killed.returncode != 0
    assert not (tmp_path / "again/weights.safetensors").exists()
    if stop == signal.SIGTERM:
        assert "state saved" in stderr and "Traceback" not in stderr

    resumed = start_training(folder, tmp_path, tmp_path / "again", tmp_path / "s2")
    _, stderr = resumed.communicate(timeout=300)
    assert resumed.returncode == 0, stderr
    assert "step 1/" not in stderr
    assert digest(tmp_path / "again") == digest(tmp_path / "whole")
    assert not (tmp_path / "s2").exists()


def interrupt_after(steps: int, monkeypatch) -> None:
    """Let a run that saves at every step stop after the save of step `steps`."""
    from yt8m.training.state import State

    original = State.save

    def save_and_fail(self, step, done, rows):
        original(self, step, done, rows)
        if done == steps:
            raise KeyboardInterrupt

    monkeypatch.setattr(State, "is_due", lambda self: True)
    monkeypatch.setattr(State, "save", save_and_fail)


OTHERS = {"settings": ("train", {"learning_rate": 0.5}), "data": ("validate", {})}


@pytest.mark.parametrize("other", OTHERS)
def test_a_state_of_something_else_is_not_taken_up(data, trained, tmp_path, monkeypatch, other):
    """What another learning rate or other records have left must not leak into this run."""
    split, settings = OTHERS[other]
    config = write_model_config(tmp_path, "vlad", **settings)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        interrupt_after(3, patch)
        train(config, data[split], tmp_path / "x", tmp_path / "s")
    assert len(list((tmp_path / "s").glob("*/state.safetensors"))) == 1
    config = write_model_config(tmp_path, "vlad")
    train(config, data["train"], tmp_path / "b", tmp_path / "s")
    assert digest(tmp_path / "b") == digest(trained / "a")


@pytest.mark.parametrize("other", OTHERS)
def test_a_state_of_another_averaging_is_not_taken_up(data, trained, tmp_path, monkeypatch, other):
    split, settings = OTHERS[other]
    start, state = trained / "a/weights.safetensors", tmp_path / "s"
    config = write_model_config(tmp_path, "vlad")
    average(config, start, data["train"], tmp_path / "whole", state)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        interrupt_after(2, patch)
        strange = write_model_config(tmp_path / "other", "vlad", **settings)
        average(strange, start, data[split], tmp_path / "x", state)
    assert len(list(state.glob("*/state.safetensors"))) == 1
    average(config, start, data["train"], tmp_path / "again", state)
    assert digest(tmp_path / "again") == digest(tmp_path / "whole")
    assert not state.exists()


def test_averaging_goes_on_bit_for_bit_and_only_from_its_own_start(
    data, trained, tmp_path, monkeypatch
):
    config, records = write_model_config(tmp_path, "vlad"), data["train"]
    start, state = trained / "a/weights.safetensors", tmp_path / "s"
    average(config, start, records, tmp_path / "whole", state)
    firsts, original = [], loop._course_of_batches
    monkeypatch.setattr(loop, "_course_of_batches", lambda *a: firsts.append(a[3]) or original(*a))
    for then, first in ((tmp_path / "whole/weights.safetensors", 0), (start, 4)):
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            interrupt_after(4, patch)
            average(config, start, records, tmp_path / "again", state)
        assert len(list(state.glob("*/state.safetensors"))) == 1
        average(config, then, records, tmp_path / "again", state)
        assert firsts[-1] == first and not state.exists()
    assert digest(tmp_path / "again") == digest(tmp_path / "whole")


def equal_mean(config, every_steps):
    """The settings with the plain mean of the weights every so many steps."""
    return replace(config, ema=replace(config.ema, average="equal", every_steps=every_steps))


def test_the_equal_mean_is_that_of_snapshots_taken_on_the_way(data, trained, tmp_path, monkeypatch):
    """Of the start and of steps 2, 4 and 6 of 6, added up slowly outside of the step."""
    from yt8m.training.step import TrainingStep

    config = equal_mean(write_model_config(tmp_path, "vlad"), 2)
    start = trained / "a/weights.safetensors"
    snapshots, original = [load_weights(start)[0]], TrainingStep.__call__

    def and_look(self, *arguments):
        result = original(self, *arguments)
        if (arguments[-1] + 1) % 2 == 0:
            snapshots.append({v.path: np.asarray(v.numpy()) for v in self.model.variables})
        return result

    monkeypatch.setattr(TrainingStep, "__call__", and_look)
    average(config, start, data["train"], tmp_path / "mean", tmp_path / "s")
    found, _ = load_weights(tmp_path / "mean/weights.safetensors")
    assert len(snapshots) == 4
    for name, values in found.items():
        expected = np.mean([s[name] for s in snapshots], axis=0, dtype="f8")
        np.testing.assert_allclose(values, expected, rtol=1e-5, atol=1e-6, err_msg=name)


@pytest.mark.parametrize("steps", [3, 4])
def test_the_equal_mean_goes_on_bit_for_bit(data, trained, tmp_path, monkeypatch, steps):
    """Stopped between two weights that are averaged, and right behind one."""
    config = equal_mean(write_model_config(tmp_path, "vlad"), 2)
    start, state = trained / "a/weights.safetensors", tmp_path / "s"
    average(config, start, data["train"], tmp_path / "whole", state)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        interrupt_after(steps, patch)
        average(config, start, data["train"], tmp_path / "again", state)
    assert len(list(state.glob("*/state.safetensors"))) == 1
    average(config, start, data["train"], tmp_path / "again", state)
    assert digest(tmp_path / "again") == digest(tmp_path / "whole")
    average(equal_mean(config, 3), start, data["train"], tmp_path / "other", state)
    assert digest(tmp_path / "other") != digest(tmp_path / "whole")


def test_steps_in_parts_repeat_and_resume_bit_for_bit(data, trained, tmp_path, monkeypatch):
    config = write_model_config(tmp_path, "vlad", micro_batches=2)
    train(config, data["train"], tmp_path / "whole", tmp_path / "s")
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        interrupt_after(7, patch)
        train(config, data["train"], tmp_path / "again", tmp_path / "s")
    assert len(list((tmp_path / "s").glob("*/state.safetensors"))) == 1
    train(config, data["train"], tmp_path / "again", tmp_path / "s")
    assert digest(tmp_path / "again") == digest(tmp_path / "whole")
    assert digest(tmp_path / "again") != digest(trained / "a")
    assert not (tmp_path / "s").exists()


@pytest.mark.parametrize("loss", ["hinge", "softmax"])
def test_a_run_makes_the_loss_small_that_its_config_names(data, tmp_path, loss):
    config = write_model_config(tmp_path, "vlad", epochs=8)
    config = replace(config, training=replace(config.training, loss=loss))
    train(config, data["train"], tmp_path / "out", tmp_path / "s")
    with (tmp_path / "out/history.csv").open() as file:
        found = [float(row["loss"]) for row in csv.DictReader(file)]
    first = {"hinge": 6.0, "softmax": np.log(6)}[loss]  # about that, where classes are all alike
    assert found[0] == pytest.approx(first, rel=0.2)
    assert found[-1] < 0.95 * found[0]


def write_soft_labels(videos, folder, teacher):
    """Manifest of soft labels that say the same of every video."""
    records, first = Records(videos), 0
    for shard in videos.shards:
        ids = records.batch(np.arange(first, first + shard.records)).ids
        payloads = [encode_soft_label(i, (), teacher, SCHEMA.classes) for i in ids]
        write_records(folder / f"soft/{shard.path.name}", payloads)
        first += shard.records
    return build_manifest(str(folder / "soft/*"), SCHEMA, "train", 1, kind="soft_labels")


def test_a_student_learns_from_soft_labels(data, tmp_path):
    """With all weight on the teacher, a teacher that always says class 2 is believed."""
    teacher = np.full(SCHEMA.classes, 0.01, np.float32)
    teacher[2] = 0.99
    soft = write_soft_labels(data["train"], tmp_path, teacher)
    config = write_model_config(tmp_path, "student", epochs=20)
    object.__setattr__(config, "teacher_weight", 1.0)
    train(config, data["train"], tmp_path / "out", tmp_path / "s", soft)

    batch = Records(data["train"]).batch(np.arange(20))
    predictions = load_graph(tmp_path / "out").predict(batch)
    assert (predictions.argmax(axis=1) == 2).all()
    assert np.abs(predictions[:, 2] - 0.99).max() < 0.15


def test_a_student_without_a_teachers_predictions_is_refused(data, trained, tmp_path):
    config = write_model_config(tmp_path, "student")
    message = "student: is a student of teacher, but there are no predictions .* --soft-labels"
    with pytest.raises(TrainingError, match=message):
        train(config, data["train"], tmp_path / "x", tmp_path / "s")
    with pytest.raises(TrainingError, match=message):
        start = trained / "a/weights.safetensors"
        average(config, start, data["train"], tmp_path / "x", tmp_path / "s")
    assert not (tmp_path / "x").exists()


def test_soft_labels_for_a_model_without_a_teacher_are_refused(data, tmp_path):
    config = write_model_config(tmp_path, "vlad")
    soft = write_soft_labels(data["train"], tmp_path, np.full(6, 0.5, np.float32))
    with pytest.raises(TrainingError, match=r"vlad: has no teacher, .* leave out --soft-labels"):
        train(config, data["train"], tmp_path / "x", tmp_path / "s", soft)


@pytest.mark.parametrize("name", ["student", "vlad"])
def test_records_may_hold_the_teachers_predictions_themselves(data, tmp_path, name):
    """As distilled records of the layout `full` do; who has no teacher does not listen to them."""
    videos = replace(data["train"], shards=data["train"].shards[:1])
    teacher = np.full(6, 0.5, np.float32)
    payloads = [
        encode_video(replace(decode_video(p, SCHEMA, ""), predictions=teacher), SCHEMA, "video_id")
        for p in read_records(videos.shards[0].path)
    ]
    write_records(tmp_path / "full/0.tfrecord", payloads)
    full = build_manifest(str(tmp_path / "full/*"), SCHEMA, "train", 1)
    config = write_model_config(tmp_path, name, epochs=1)
    train(config, full, tmp_path / "full", tmp_path / "s")
    if name == "student":
        soft = write_soft_labels(videos, tmp_path, teacher)
        train(config, videos, tmp_path / "other", tmp_path / "s", soft)
    else:
        train(config, videos, tmp_path / "other", tmp_path / "s")
    assert digest(tmp_path / "full") == digest(tmp_path / "other")


def test_less_than_one_batch_of_videos_is_refused(data, tmp_path):
    config = write_model_config(tmp_path, "vlad", batch_size=1000)
    with pytest.raises(TrainingError, match="60 videos are less than one batch of 1000"):
        train(config, data["train"], tmp_path / "x", tmp_path / "s")


def test_a_loss_that_is_not_finite_stops_the_run_and_saves_nothing(data, tmp_path):
    config = write_model_config(tmp_path, "vlad", learning_rate=1e30, clip_norm=1e30)
    with pytest.raises(TrainingError, match="the loss is nan at step"):
        train(config, data["train"], tmp_path / "x", tmp_path / "s")
    assert not (tmp_path / "x/weights.safetensors").exists()


def test_records_of_another_schema_are_refused(data, tmp_path):
    config = write_model_config(tmp_path, "vlad")
    other = replace(data["train"], schema=replace(data["train"].schema, classes=9))
    with pytest.raises(ArtefactError, match="was configured for"):
        train(config, other, tmp_path / "x", tmp_path / "s")


def test_weights_of_another_model_are_refused(data, trained, tmp_path):
    config = write_model_config(tmp_path, "bag")
    with pytest.raises(ArtefactError, match="does not fit the model"):
        start = trained / "a/weights.safetensors"
        average(config, start, data["train"], tmp_path / "x", tmp_path / "s")


def test_a_long_memory_of_batch_norm_on_little_data_is_warned_about(data, tmp_path):
    config = write_model_config(tmp_path, "vlad", batch_norm={"warm_up": False})
    with pytest.warns(UserWarning, match="remembers 1000 steps, but training takes only 12"):
        train(config, data["train"], tmp_path / "x", tmp_path / "s")


def test_parts_of_one_video_are_warned_about(data, tmp_path):
    config = write_model_config(tmp_path, "vlad", batch_size=2, micro_batches=2, epochs=1)
    with pytest.warns(UserWarning, match="micro_batches 2 leaves 1 video a part"):
        train(config, data["train"], tmp_path / "x", tmp_path / "s")
