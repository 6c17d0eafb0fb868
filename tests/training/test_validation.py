"""Measurements on another split while a model trains; what is kept, and when training stops."""

from dataclasses import replace

import numpy as np
import pytest

from tests.small import SCHEMA, write_model_config
from tests.training.runs import best_step, content, digest, gaps_of, rows_of, validated
from yt8m.config.validation import Validation
from yt8m.data.records import Records
from yt8m.errors import ArtefactError, TrainingError
from yt8m.json_files import write_json
from yt8m.metrics.accumulate import Metrics
from yt8m.metrics.cross_entropy import losses
from yt8m.models.assemble import build_model
from yt8m.models.nextvlad import Recipe as NextVlad
from yt8m.outputs.evaluation import evaluate
from yt8m.serving.graph import load_graph
from yt8m.training.inference import Inference
from yt8m.training.run import average, train
from yt8m.training.sample import Sample, sampled
from yt8m.training.step import Objective, TrainingStep
from yt8m.training.validating import Validator, interval


def test_validation_changes_no_bit_and_measures_like_an_evaluation(data, sample, trained, tmp_path):
    """Of the weights while training, of their averages afterwards."""
    config, start = write_model_config(tmp_path, "vlad"), trained / "a/weights.safetensors"
    average(config, start, data["train"], tmp_path / "ema", tmp_path / "s")
    config, both = validated(config, every=5), tmp_path / "both"
    train(config, data["train"], both / "trained", tmp_path / "s", sample=sample)
    start = both / "trained/weights.safetensors"
    average(config, start, data["train"], both / "ema", tmp_path / "s", sample=sample)
    write_json(both / "config.json", config.entry())
    for stage, without, steps in (
        ("trained", trained / "a", [5, 10, 12]),
        ("ema", tmp_path / "ema", [5, 6]),
    ):
        assert content(both / stage) == content(without)
        assert list(gaps_of(both / stage)) == steps
        last = rows_of(both / stage)[-1]
        found = evaluate(load_graph(both / stage), Records(data["validate"]), 7).result()
        assert float(last["validation_gap"]) == pytest.approx(found.gap, abs=1e-6)
        assert float(last["validation_loss"]) == pytest.approx(found.loss, abs=1e-5)


def test_predictions_change_no_variable_not_even_the_count_of_dropout():
    model = build_model(NextVlad(clusters=4, hidden=8, dropout=0.5), SCHEMA)
    before = [np.array(v.numpy()) for v in model.variables]
    frames = np.random.default_rng(0).integers(0, 256, (3, 5, SCHEMA.feature_size), np.uint8)
    predictions = Inference(TrainingStep(model, Objective(), 1.0))(frames, np.full(3, 5, np.int32))
    assert any("draws" in v.path for v in model.variables) and predictions.shape == (3, 6)
    for variable, value in zip(model.variables, before, strict=True):
        np.testing.assert_array_equal(variable.numpy(), value, err_msg=variable.path)


def test_a_run_without_validation_has_no_columns_or_origin_of_it(trained):
    assert not [column for column in rows_of(trained / "a")[0] if "validation" in column]
    assert b"validat" not in digest(trained / "a")


def test_a_sample_is_measured_as_its_videos_alone(data, trained):
    graph, records = load_graph(trained / "a"), Records(data["validate"])
    batch = records.batch(sampled(len(records), 12))
    expected = Metrics(data["validate"].schema.classes)
    predictions = graph.predict(batch)
    expected.add(predictions, batch.labels, losses(predictions, batch.labels))

    def predict(frames, num_frames):
        return graph.predict(replace(batch, frames=frames, num_frames=num_frames))

    found = Sample(data["validate"], 12, 5).measure(predict)
    assert found["validation_gap"] == pytest.approx(expected.result().gap, abs=1e-6)
    assert found["validation_loss"] == pytest.approx(expected.result().loss, abs=1e-5)


def test_a_sample_is_fixed_and_spread_over_the_whole_split():
    chosen = sampled(10_000, 1000)
    assert len(set(chosen)) == 1000 and np.array_equal(chosen, sampled(10_000, 1000))
    by_tenth = np.bincount(chosen // 1000, minlength=10)
    assert np.all(np.diff(chosen) > 0) and by_tenth.min() > 60 and by_tenth.max() < 140
    assert sampled(7, 1000).tolist() == list(range(7))


def test_the_best_weights_are_kept_and_not_the_last(data, best):
    folder, _ = best
    gaps = gaps_of(folder)
    assert 2 < best_step(folder) < max(gaps), "the run must overfit"
    found = evaluate(load_graph(folder), Records(data["validate"]), 10).result()
    assert found.gap == pytest.approx(max(gaps.values()), abs=1e-6)
    assert max(gaps.values()) - gaps[max(gaps)] > 1e-4


def test_training_stops_when_patience_is_at_its_end(data, sample, best, tmp_path, capsys):
    folder, config = best
    gaps = gaps_of(folder)
    steps, best_so_far, misses = [], -1.0, 0
    for step, gap in gaps.items():
        steps.append(step)
        misses = 0 if gap > best_so_far else misses + 1
        best_so_far = max(gap, best_so_far)
        if misses == 2:
            break
    assert steps[-1] < max(gaps)
    config = validated(config, keep="best", patience=2)
    train(config, data["train"], tmp_path / "a", tmp_path / "s", sample=sample)
    assert gaps_of(tmp_path / "a") == {step: gaps[step] for step in steps}
    assert content(tmp_path / "a") == content(folder)
    said = capsys.readouterr().err
    assert f"stopped at step {steps[-1]} of {max(gaps)}, out of patience" in said


def test_an_interval_beyond_the_run_is_warned_about_and_only_its_end_is_measured(sample):
    with pytest.warns(UserWarning, match="measures every 100 steps, but there are only 6"):
        validator = Validator(Validation(every=100), sample, None, epoch=6, total=6)
    assert [step for step in range(1, 7) if validator.is_due(step)] == [6]


@pytest.mark.parametrize(
    ("words", "steps"),
    [({}, 6), ({"every": 4}, 4), ({"every_epochs": 0.5}, 3), ({"every_epochs": 0.01}, 1)],
)
def test_an_interval_is_in_steps_or_epochs(words, steps):
    assert interval(Validation(**words), epoch=6) == steps


def test_settings_and_records_for_validation_need_each_other(data, sample, tmp_path):
    config = write_model_config(tmp_path, "vlad")
    with pytest.raises(TrainingError, match="has no setting training"):
        train(config, data["train"], tmp_path / "x", tmp_path / "s", sample=sample)
    with pytest.raises(TrainingError, match="give their manifest as --validate"):
        train(validated(config), data["train"], tmp_path / "x", tmp_path / "s")


def test_validation_on_the_training_records_is_refused(data, tmp_path):
    config = validated(write_model_config(tmp_path, "vlad"))
    same = Sample(data["train"], 10, 10)
    with pytest.raises(ArtefactError, match="has the records that it is trained on"):
        train(config, data["train"], tmp_path / "x", tmp_path / "s", sample=same)
