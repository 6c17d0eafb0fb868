"""Projections inside a graph count in the plan of its compression."""

import json

import pytest
from click.testing import CliRunner

from tests.serving.own_features import fitted, write_given, write_linear
from tests.small import write_dataset
from yt8m.budget.plan import read_plan
from yt8m.cli import main
from yt8m.serving.preprocessing import read_names, read_preprocessing
from yt8m.serving.raw_features import raw_bytes
from yt8m.serving.size import measure

SETTINGS = {"quantisers": [{"kind": "uniform", "bits": 4}], "min_elements": 100, "videos": 20}


def call(*words, code=0):
    result = CliRunner().invoke(main, [*map(str, words)])
    assert result.exit_code == code, result.output
    return result.output


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A model, records and the files that made them."""
    folder = tmp_path_factory.mktemp("run")
    write_dataset(folder / "data")
    write_linear(folder / "linear")
    return folder, write_given(folder / "given")


def test_a_plan_for_a_graph_with_projections_keeps_its_budget(run):
    folder, given = run
    member = ["--member", 1, folder / "linear"]
    planning = ["compress", "plan", "final", *member, "--records", folder / "data/train.json"]
    planning += ["--settings", json.dumps(SETTINGS)]
    planning += ["--projections", given.projections]
    call(*planning, "--budget", 10_000_000, "--out", folder / "plan.json")
    plan = read_plan(folder / "plan.json")
    assert plan.raw_bytes == raw_bytes(fitted())

    made = ["--projections", given.projections, "--extraction", given.extraction]
    made += ["--label-names", given.label_names, "--out", folder / "final"]
    said = call("ensemble", "final", *member, *made)
    assert "takes raw features too" in said
    # But for the names of functions, which are numbered on within one process.
    size_bytes = measure(folder / "final", None)["size_bytes"]
    assert abs(size_bytes - plan.size_bytes) < 1000 < plan.raw_bytes
    assert read_preprocessing(folder / "final").extraction_file and read_names(folder / "final")

    said = call("ensemble", "final", *member, *made, "--no-raw")
    assert "raw" not in said
    without = measure(folder / "final", None)["size_bytes"]
    said = call(*planning, "--budget", without, code=1)
    assert "or set `raw: false`" in said and f"{plan.raw_bytes:,}" in said


def test_extraction_without_projections_is_refused(run):
    folder, given = run
    words = ["--extraction", given.extraction, "--out", folder / "none"]
    said = call("ensemble", "final", "--member", 1, folder / "linear", *words, code=2)
    assert "--extraction needs --projections" in said
    assert not (folder / "none").exists()
