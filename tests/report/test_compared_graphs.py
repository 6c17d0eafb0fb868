"""The graphs whose videos are resampled, and what the report does with those that are not."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from yt8m.cli.main import main
from yt8m.errors import ArtefactError
from yt8m.json_files import read_json, write_json
from yt8m.metrics.resample_files import write_resamples
from yt8m.report.compared_graphs import resample_run
from yt8m.report.noise import look
from yt8m.report.reading import read_content
from yt8m.report.steps import stage_changes


@pytest.fixture
def run(fabricated, tmp_path) -> Path:
    return shutil.copytree(fabricated[0], tmp_path / "results")


def resampled(run, seed=0):
    return resample_run(run, None, resamples=50, seed=seed, level=0.95)


def test_all_graphs_of_a_run_are_resampled(run, content):
    assert len(resampled(run).graphs) == 3 * len(content.models) + len(content.ensembles)


def test_the_interval_of_a_difference_is_that_of_pairs(content):
    """Far narrower than that of two graphs on different videos."""
    stages = content.models["vlad"].stages
    pair = content.difference(stages["quantised"], stages["ema"]).resampled.std()
    alone = [stages[stage].resampled["gap"].std() for stage in ("quantised", "ema")]
    assert 0 < pair < 0.5 * np.hypot(*alone)


def test_a_graph_that_was_evaluated_without_keeping_videos_is_shown_in_grey(run, fabricated):
    (run / "models/vlad/trained/videos.validate.parquet").unlink()
    write_resamples(run / "confidence.validate.parquet", resampled(run))
    content = read_content(run, **fabricated[1])
    looks = {
        change.name: look(change.difference, content.confidence)
        for change in stage_changes(content, "trained", "ema")
    }
    assert looks == {"vlad": "noise", "words": "gain", "vlad_student": "gain"}


def test_an_older_run_is_shown_without_intervals(run, fabricated):
    (run / "confidence.validate.parquet").unlink()
    content = read_content(run, **fabricated[1])
    assert content.confidence.differences == 0
    assert content.interval(content.final) is None


@pytest.mark.parametrize("changed", [{"top_k": 5}, {"videos": 49}], ids=str)
def test_metrics_of_other_videos_or_another_top_k_have_no_interval(run, fabricated, changed):
    path = run / "ensembles/final/metrics.validate.json"
    write_json(path, read_json(path) | changed)
    content = read_content(run, **fabricated[1])
    assert content.interval(content.final) is None
    assert content.interval(content.ensembles["teacher"]) is not None


def test_a_run_without_kept_videos_is_refused(run):
    for file in run.rglob("videos.*.parquet"):
        file.unlink()
    with pytest.raises(ArtefactError, match="no graph was evaluated on validate"):
        resampled(run)


@pytest.mark.parametrize("of", ["models/vlad/ema", "models/vlad/quantised", "ensembles/final"])
def test_videos_of_another_graph_than_the_one_in_their_folder_are_refused(run, of):
    file = f"{of}/videos.validate.parquet"
    shutil.copy(run / "models/words/ema/videos.validate.parquet", run / file)
    with pytest.raises(ArtefactError, match=rf"{file}: holds videos of another graph.*evaluate"):
        resampled(run)


def test_videos_of_other_records_than_the_split_are_refused(run):
    manifest = run / "data/validate.json"
    manifest.write_text(manifest.read_text().replace(f"{1:064d}", "a" * 64))
    with pytest.raises(
        ArtefactError, match=r"videos\.validate\.parquet: holds videos of other rec"
    ):
        resampled(run)


def test_graphs_without_videos_are_counted_and_the_first_are_named(run, tmp_path):
    command = ["confidence", str(run), "--resamples", "20", "--out", str(tmp_path / "c.parquet")]
    assert "lack" not in CliRunner().invoke(main, command).output
    for stage in ("trained", "ema", "quantised"):
        (run / f"models/words/{stage}/videos.validate.parquet").unlink()
    (run / "models/vlad/ema/videos.validate.parquet").unlink()
    output = CliRunner().invoke(main, command).output
    assert "for 7 graphs" in output and "4 graphs of the run have no interval" in output
    assert "models/vlad/ema/videos.validate.parquet" in output and ", ...; run the" in output
