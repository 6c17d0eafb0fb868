"""The points of a model, compared with graphs that are written."""

from dataclasses import replace

import pytest

from tests.serving.stages import write_stage
from tests.small import write_dataset
from yt8m.artefacts import GRAPH, WEIGHTS
from yt8m.compression.plan import quantise_weights
from yt8m.compression.quantisers import kmeans
from yt8m.config.frontier import Frontier
from yt8m.config.model import read_model_config
from yt8m.data.records import Records
from yt8m.errors import ArtefactError
from yt8m.frontier.measuring import Evaluation, measure_points
from yt8m.outputs.evaluation import evaluate
from yt8m.recipes import read_settings
from yt8m.serving.ensemble import export_ensemble
from yt8m.serving.graph import load_graph
from yt8m.serving.member import load_member
from yt8m.weights import save_weights

ENCODINGS = [{"kind": "kmeans", "bits": bits} for bits in (2, 8)]
COMPRESS = {"quantisers": ENCODINGS, "min_elements": 2000, "videos": 20, "stage": "trained"}
SETTINGS = {"models": ["vlad"], "quantisers": ENCODINGS[:1], "compress": COMPRESS}


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    """Large enough that encodings, and not the graph, decide the bytes."""
    return write_stage(tmp_path_factory.mktemp("models"), "vlad", 1, clusters=32, hidden=512)


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    return {s: Records(m) for s, m in write_dataset(tmp_path_factory.mktemp("data")).items()}


def measured(stage, records, *budgets):
    settings = read_settings(Frontier, {**SETTINGS, "budgets": budgets}, "frontier")
    config = read_model_config(stage.parent / "config.json")
    evaluation = Evaluation(records["validate"], 16)
    return measure_points(stage, config, settings, records["train"], evaluation)


@pytest.fixture(scope="module")
def points(stage, records):
    """With budgets that are too small, in between, and larger than float32 needs."""
    return measured(stage, records, 1000, 700_000, 10**9)


def test_a_model_is_stored_as_float32_in_each_encoding_and_for_each_budget_between(points):
    sizes = {point.encoding: point.size_bytes for point in points.points}
    assert list(sizes) == ["float32", "kmeans bits=2", "planned 700,000"]
    assert sizes["kmeans bits=2"] < sizes["planned 700,000"] <= 700_000 < sizes["float32"]
    assert [point.budget_bytes for point in points.points] == [None, None, 700_000]
    assert (points.model, points.split, points.settings["recipe"]["hidden"]) == (
        *("vlad", "validate"),
        512,
    )


@pytest.mark.parametrize("quantiser", [None, kmeans.Recipe(2)], ids=["float32", "2 bits"])
def test_a_point_has_the_bytes_and_metrics_of_the_graph(
    stage, records, points, quantiser, tmp_path
):
    point = points.points[0 if quantiser is None else 1]
    member = load_member(stage)
    stored = quantise_weights(member.stored, quantiser, 2000)
    save_weights(tmp_path / "it" / WEIGHTS, stored, {"kind": "weights", "model": member.identity})
    export_ensemble("vlad", {tmp_path / "it": 1.0}, tmp_path / "graph")
    files = [p for p in (tmp_path / "graph" / GRAPH).rglob("*") if p.is_file()]
    assert sum(p.stat().st_size for p in files) == pytest.approx(point.size_bytes, abs=1000)
    found = evaluate(load_graph(tmp_path / "graph"), records["validate"], 16).result()
    assert point.gap == pytest.approx(found.gap, abs=1e-6)
    assert point.loss == pytest.approx(found.loss, rel=1e-5)


def test_weights_with_other_settings_than_the_config_are_refused(stage, records, tmp_path):
    config = read_model_config(stage.parent / "config.json")
    settings = read_settings(Frontier, SETTINGS, "frontier")
    other = replace(config, recipe=replace(config.recipe, hidden=8))
    evaluation = Evaluation(records["validate"], 16)
    with pytest.raises(ArtefactError, match="was made with other settings"):
        measure_points(stage, other, settings, records["train"], evaluation)
