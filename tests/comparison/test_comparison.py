"""Which graphs of which runs are compared, as which rows."""

import json
import shutil
import statistics
from pathlib import Path

import numpy as np
import pytest

from tests.comparison.fabricated import VLAD, config, fabricate
from yt8m.comparison.comparison import Choice, compare
from yt8m.comparison.resamples import Resampling
from yt8m.errors import ArtefactError
from yt8m.metrics.resample_files import write_resamples
from yt8m.report.compared_graphs import resample_run

QUICK = Resampling(resamples=200)


def quickly(*folders: Path, **choice):
    return compare(folders, Choice(how=QUICK, **choice))


def rows_by_name(found):
    return {found.name(row.first): row for row in found.rows}


def edit(path: Path, **changes):
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


@pytest.fixture
def small(tmp_path):
    """A run with two models."""
    models = {"vlad": VLAD, "large": {**VLAD, "clusters": 24}}
    entries = {"models": models, "run": {"models": ["large"]}}
    return fabricate(tmp_path / "small", config(**entries))


def test_the_seeds_of_a_setting_are_one_row_with_mean_and_standard_deviation(grid):
    found = quickly(grid)
    row = rows_by_name(found)["vlad_clusters16_learning_rate0p001"]
    gaps = [json.loads(_metrics(grid, member.name).read_text())["gap"] for member in row.members]
    assert [m.name for m in row.members][1].endswith("_seed2") and len(gaps) == 2
    assert row.gap == pytest.approx(statistics.fmean(gaps), abs=1e-12)
    assert row.spread == pytest.approx(statistics.stdev(gaps), abs=1e-12)
    assert row.interval.low < row.gap < row.interval.high
    assert len(found.rows) == 8  # 3 x 2, their base, and the ensemble


def _metrics(folder: Path, model: str) -> Path:
    return folder / "models" / model / "quantised" / "metrics.validate.json"


def test_each_seed_can_be_a_row(grid):
    found = quickly(grid, each_seed=True)
    assert len(found.rows) == 14 and all(row.spread is None for row in found.rows)
    assert "training.seed" in found.settings


def test_settings_are_columns_only_if_they_differ_in_rows_that_have_them(grid):
    assert set(quickly(grid, only=("vlad*",)).settings) == {*GRID_PATHS}
    assert set(quickly(grid).settings) == {*GRID_PATHS, "kind"}


GRID_PATHS = ("clusters", "training.learning_rate")


def test_differences_are_those_of_pairs_from_the_best_or_a_chosen_row(grid):
    best = quickly(grid)
    assert best.reference.first.name == best.rows[0].first.name and best.rows[0].against is None
    chosen = quickly(grid, reference="vlad_clusters16_learning_rate0p001_seed2")
    assert chosen.reference.first.name == "vlad_clusters16_learning_rate0p001"
    for row in chosen.rows[:-1]:
        if row.against:
            assert row.against.value == pytest.approx(row.gap - chosen.reference.gap)
            width = row.against.interval.high - row.against.interval.low
            assert width < row.interval.high - row.interval.low  # videos are the same
            assert row.against.p >= row.against.interval.p


def test_the_same_settings_and_seed_in_two_runs_are_not_counted_twice(grid, tmp_path):
    again = shutil.copytree(grid, tmp_path / "again")
    found = quickly(grid, again)
    assert len(found.rows) == 8 and found.runs == ("results", "again")
    row = rows_by_name(found)["results/vlad"]
    assert len(row.members) == 1 and row.first.also[0].startswith("again/vlad (GAP 0.")


def test_a_seed_of_another_run_is_a_repetition(grid, tmp_path):
    models = {"vlad": {**VLAD, "training": {"seed": 5}}}
    other = fabricate(tmp_path / "other", config(models=models))
    row = rows_by_name(quickly(grid, other))["results/vlad"]
    assert [member.label for member in row.members] == ["results/vlad", "other/vlad"]


def test_a_model_trained_on_other_records_is_another_one(small, tmp_path):
    source = {"kind": "records", "files": {"train": ["/u.tfrecord"], "validate": ["/v.tfrecord"]}}
    dataset = config()["dataset"] | {"source": source}
    other = fabricate(tmp_path / "other", config(dataset=dataset))
    found = quickly(small, other, only=("vlad",))
    assert len(found.rows) == 2 and "dataset.source.files.train" in found.settings


def test_teachers_of_one_name_that_consist_of_different_members_are_told_apart(tmp_path):
    def run(name, clusters):
        models = {
            "vlad": {**VLAD, "clusters": clusters},
            "student": {**VLAD, "teacher": "teacher"},
        }
        ensembles = {"teacher": {"members": {"vlad": 1.0}}, "final": {"members": {"student": 1.0}}}
        return fabricate(tmp_path / name, config(models=models, ensembles=ensembles))

    found = quickly(run("one", 8), run("two", 16), only=("student",))
    assert found.settings == {"teacher": ["teacher of one", "teacher of two"]}


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"records": "6" * 64}, "other records"),
        ({"top_k": 10}, "top_k 10, the others with 20"),
        ({"videos": 90, "records": "7" * 64}, "90 videos"),
    ],
)
def test_graphs_evaluated_otherwise_are_not_compared(grid, tmp_path, settings, reason):
    other = fabricate(tmp_path / "other", config(), **settings)
    found = quickly(grid, other)
    assert {each.label for each in found.left_out} == {"other/vlad", "other/final"}
    assert all(reason in each.reason for each in found.left_out)
    named = quickly(grid, other, reference="other/vlad")
    assert {row.first.run for row in named.rows} == {"other"}


def test_a_graph_whose_videos_are_of_another_graph_is_not_compared(small):
    edit(_metrics(small, "large"), graph="e" * 64)
    found = quickly(small)
    assert [each.label for each in found.left_out] == ["small/large"]
    assert "another graph" in found.left_out[0].reason


def test_metrics_of_an_ensemble_that_changed_since_are_not_compared(small):
    edit(small / "ensembles/final/fingerprint.json", digest="e" * 64)
    (reason,) = (each.reason for each in quickly(small).left_out)
    assert "metrics of a different graph" in reason


def test_graphs_without_videos_are_compared_without_an_interval(small):
    for path in small.rglob("videos.validate.parquet"):
        path.unlink()
    found = quickly(small)
    assert len(found.rows) == 3 and found.judged == 0
    assert all(row.interval is None for row in found.rows)
    assert found.rows[1].against.value < 0 and found.rows[1].against.p is None


def test_damaged_files_leave_out_their_graph_or_run_alone(small, tmp_path):
    (small / "models/large/config.json").write_text("{")
    (tmp_path / "empty").mkdir()
    found = quickly(small, tmp_path / "empty")
    assert {each.label for each in found.left_out} == {"small/large", "empty"}
    assert "run.json" in next(e.reason for e in found.left_out if e.label == "empty")


def test_a_single_graph_is_a_row_without_differences(small):
    found = quickly(small, only=("vlad",))
    assert len(found.rows) == 1 and found.rows[0].against is None and not found.settings


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ({"split": "test"}, "not all have test.*small: validate"),
        ({"reference": "nobody"}, "no such graph is compared; there are small/large"),
        ({"only": ("nobody",)}, "no graph has such a name"),
        ({"stage": "trained", "only": ("vlad",)}, "was not evaluated on validate at the stage"),
    ],
)
def test_a_choice_that_leaves_nothing_is_explained(small, choice, words):
    with pytest.raises(ArtefactError, match=words):
        quickly(small, **choice)


def test_folders_without_a_common_split_are_refused_with_the_splits_of_each(small, tmp_path):
    other = shutil.copytree(small, tmp_path / "other")
    run = json.loads((other / "run.json").read_text())
    run["made"]["evaluate"] = ["test"]
    (other / "run.json").write_text(json.dumps(run))
    with pytest.raises(ArtefactError, match=r"no split.*small: validate; other: test"):
        quickly(small, other)


def test_stored_resamples_give_the_same_intervals_as_the_videos(small):
    own = quickly(small)
    stored = resample_run(small, None, QUICK.resamples, QUICK.seed, QUICK.level)
    write_resamples(small / "confidence.validate.parquet", stored)
    found = quickly(small)
    for before, after in zip(own.rows, found.rows, strict=True):
        limits = [(row.interval.low, row.interval.high) for row in (before, after)]
        np.testing.assert_allclose(*limits, atol=1e-6)


def test_training_time_is_that_of_the_histories_and_bytes_are_those_on_disk(small):
    rows = rows_by_name(quickly(small))
    assert rows["vlad"].seconds == pytest.approx(24.0)
    assert rows["final"].size_bytes == 123_456 and rows["final"].seconds is None
    (small / "models/vlad/ema/history.csv").unlink()
    assert rows_by_name(quickly(small))["vlad"].seconds is None
