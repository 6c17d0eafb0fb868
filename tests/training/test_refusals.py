"""Runs that cannot work stop, and say why."""

from dataclasses import replace

import pytest

from tests.small import write_model_config
from yt8m.errors import ArtefactError, TrainingError
from yt8m.training.run import average, train


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
