"""Budgets that cannot be met are refused before anything is made."""

import copy
import subprocess

import pytest

from tests.own_data.features import SOURCE, write_features
from tests.serving.stages import write_kind
from tests.small import SCHEMA, config
from yt8m.artefacts import GRAPH
from yt8m.compression.plan import stored_bytes
from yt8m.config.experiment import read_experiment
from yt8m.describing.budget_check import refuse_impossible_budgets
from yt8m.describing.budgets import BYTES_PER_VARIABLE, LEAST_GRAPH_BYTES, check_budgets
from yt8m.describing.costs import Variable
from yt8m.errors import ConfigError
from yt8m.recipes import read_recipe
from yt8m.serving.ensemble import export_ensemble
from yt8m.serving.member import load_member


@pytest.fixture
def check(tmp_path, monkeypatch):
    """Check the small config with another budget; returns the number of programs run."""
    started, run = [], subprocess.run
    monkeypatch.setattr(subprocess, "run", lambda *a, **k: started.append(a) or run(*a, **k))

    def check(budget, **ensemble):
        settings = copy.deepcopy(config()) | {"results": str(tmp_path / "results")}
        settings["ensembles"]["final"] |= {"budget_bytes": budget, **ensemble}
        refuse_impossible_budgets(settings, read_experiment(settings))
        return len(started)

    return check


def test_an_impossible_budget_is_refused_with_the_least_that_is_needed(check, tmp_path):
    with pytest.raises(
        ConfigError, match=r"is 100; its members and their graph take at least [0-9,]+ bytes"
    ):
        check(100)
    with pytest.raises(ConfigError, match="budget_bytes: is 100"):
        check(100, compress={"min_elements": 10})
    assert not (tmp_path / "results").exists()


def test_a_budget_that_can_be_met_is_checked_once(check):
    assert check(10_000_000) == 1
    assert check(10_000_000) == 1
    assert check(9_000_000) == 2


def test_projections_in_the_graph_count_before_they_are_fitted(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_features(tmp_path, videos=5)
    settings = copy.deepcopy(config())
    whiten = {"rgb": {"kind": "pca_whiten"}}
    settings["dataset"] |= {"source": SOURCE | {"projections": whiten}, "classes": 5}
    settings["training"]["batch_size"] = 2
    settings["ensembles"]["final"]["budget_bytes"] = LEAST_GRAPH_BYTES + 1000
    size = 4 * (24 * 26 + 2 * 8)
    assert read_experiment(settings).dataset.raw_bytes == size
    message = rf"at least 52,560 bytes, {size:,} of them projections \(none with `raw: false`\)"
    nothing = {name: [] for name in settings["models"]}
    with pytest.raises(ConfigError, match=message):
        check_budgets(read_experiment(settings), nothing)
    settings["ensembles"]["final"]["raw"] = False
    check_budgets(read_experiment(settings), nothing)


def test_without_a_budget_nothing_is_checked(check):
    assert check(None) == 0


@pytest.mark.parametrize("decode", BYTES_PER_VARIABLE)
@pytest.mark.parametrize("kinds", [["logistic"], ["dbof"], ["dbof", "logistic"]], ids="-".join)
def test_real_graphs_take_the_estimated_bytes_or_more(kinds, decode, tmp_path):
    """Of the kinds whose graphs have the fewest bytes per variable."""
    stages = {}
    for kind in kinds:
        recipe = read_recipe("yt8m.models", {"kind": kind}, kind)
        stages[write_kind(tmp_path / kind, kind, recipe, SCHEMA)] = 1 / len(kinds)
    export_ensemble("all", stages, tmp_path / "all", decode)
    stored = [load_member(stage).stored for stage in stages]
    files = [path for path in (tmp_path / "all" / GRAPH).rglob("*") if path.is_file()]
    graph = sum(path.stat().st_size for path in files) - sum(map(stored_bytes, stored))
    least = LEAST_GRAPH_BYTES + BYTES_PER_VARIABLE[decode] * sum(map(len, stored))
    assert least <= graph < 2 * least


def test_the_nodes_of_every_member_count_unless_weights_are_learned():
    settings = copy.deepcopy(config())
    final = {"members": {"vlad": 0.5, "bag": 0.5}, "compress": {}}
    settings["ensembles"]["final"] = final | {"budget_bytes": 300_000}
    variables = {name: [Variable("v", (10,), "float32")] * 30 for name in settings["models"]}
    with pytest.raises(ConfigError, match="take at least 352,400 bytes"):
        check_budgets(read_experiment(settings), variables)
    settings["ensembles"]["final"]["learn"] = {}
    check_budgets(read_experiment(settings), variables)


def test_the_smallest_candidates_may_be_chosen():
    settings = copy.deepcopy(config())
    best = {"of": ["vlad", "bag", "memory"], "count": 2}
    settings["ensembles"]["final"] = {"best": best, "stage": "ema", "budget_bytes": 359_999}
    sizes = {"vlad": 900_000, "bag": 100_000, "memory": 200_000, "student": 4}
    variables = {n: [Variable("v", (size // 4,), "float32")] for n, size in sizes.items()}
    with pytest.raises(ConfigError, match="take at least 360,000 bytes"):
        check_budgets(read_experiment(settings), variables)
    settings["ensembles"]["final"]["budget_bytes"] = 360_000
    check_budgets(read_experiment(settings), variables)
