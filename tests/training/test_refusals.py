"""Runs that cannot work stop with a message."""

import threading
from dataclasses import replace

import pytest

from tests.small import write_model_config
from yt8m.errors import ArtefactError, TrainingError
from yt8m.strict import unchecked
from yt8m.training.run import average, train
from yt8m.weights import load_weights, save_weights


def test_less_than_one_batch_of_videos_is_refused(data, tmp_path):
    config = write_model_config(tmp_path, "vlad", batch_size=1000)
    with pytest.raises(TrainingError, match="60 videos are less than one batch of 1000"):
        train(config, data["train"], tmp_path / "x", tmp_path / "s")


def test_a_loss_that_is_not_finite_stops_the_run_and_saves_nothing(data, tmp_path):
    config = write_model_config(tmp_path, "vlad")
    rates = {"learning_rate": 1e30, "clip_norm": 1e30}  # no config can say so
    beyond = unchecked(type(config.training), **{**vars(config.training), **rates})
    config = replace(config, training=beyond)
    with pytest.raises(TrainingError, match="the loss is nan at step") as error:
        train(config, data["train"], tmp_path / "x", tmp_path / "s")
    assert not (tmp_path / "x/weights.safetensors").exists()
    assert error.traceback  # which knows what the run was about to read
    names = [thread.name for thread in threading.enumerate()]
    assert not [name for name in names if name.startswith(("batches", "ahead"))]


def test_records_of_another_schema_are_refused(data, tmp_path):
    config = write_model_config(tmp_path, "vlad")
    other = replace(data["train"], schema=replace(data["train"].schema, classes=9))
    with pytest.raises(ArtefactError, match="was configured for"):
        train(config, other, tmp_path / "x", tmp_path / "s")


def test_weights_of_another_model_are_refused(data, trained, tmp_path):
    config = write_model_config(tmp_path, "bag")
    start = trained / "a/weights.safetensors"
    with pytest.raises(ArtefactError, match="name is 'vlad', but 'bag' in the config"):
        average(config, start, data["train"], tmp_path / "x", tmp_path / "s")


def test_weights_that_lack_a_variable_are_refused(data, trained, tmp_path):
    config = write_model_config(tmp_path, "vlad")
    weights, header = load_weights(trained / "a/weights.safetensors")
    weights.pop(next(iter(weights)))
    save_weights(tmp_path / "start", weights, header)
    with pytest.raises(ArtefactError, match="does not fit the model"):
        average(config, tmp_path / "start", data["train"], tmp_path / "x", tmp_path / "s")


def test_a_batch_norm_decay_too_slow_for_the_data_is_warned_about(data, tmp_path):
    config = write_model_config(tmp_path, "vlad", batch_norm={"warm_up": False})
    with pytest.warns(UserWarning, match="averages over 1000 steps, but training takes only 12"):
        train(config, data["train"], tmp_path / "x", tmp_path / "s")


def test_parts_of_one_video_are_warned_about(data, tmp_path):
    config = write_model_config(tmp_path, "vlad", batch_size=2, micro_batches=2, epochs=1)
    with pytest.warns(UserWarning, match="micro_batches 2 leaves 1 video per micro-batch"):
        train(config, data["train"], tmp_path / "x", tmp_path / "s")
