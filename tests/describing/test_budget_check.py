"""Budgets that cannot be met are refused before anything is made."""

import copy
import subprocess

import pytest

from tests.small import config
from yt8m.config.experiment import read_experiment
from yt8m.describing.budget_check import refuse_impossible_budgets
from yt8m.errors import ConfigError


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


def test_without_a_budget_nothing_is_checked(check):
    assert check(None) == 0
