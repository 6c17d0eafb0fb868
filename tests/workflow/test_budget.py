"""Ensembles that are fitted into their budget: what waits for what, and that the plan arrives."""

import json

import pytest

from tests.workflow.promises import FINAL, compressing
from tests.workflow.test_edits import not_counted
from tests.workflow.test_status import real_edges, shown_edges
from yt8m.compression.storage import Encoded
from yt8m.weights import load_weights

MEMBER = "ensembles/final/members/student"


@pytest.fixture
def again(planned, tmp_path):
    """That run, to change."""
    return planned.copy_to(tmp_path / "again")


def test_a_plan_trains_nothing_and_arrives_in_ensemble_and_report(planned):
    assert planned.ran == {"plan": 1, "compress": 1, "sweep": 1, **FINAL}
    plan = json.loads(planned.path("ensembles/final/plan.json").read_text())
    size = json.loads(planned.path("ensembles/final/size.json").read_text())
    assert size["size_bytes"] <= plan["budget_bytes"] == size["budget_bytes"]
    page = planned.path("report.html").read_text()
    assert "final in fewer bytes" in page and "since they fit its budget" in page
    assert not planned.path("state/compress").exists() or not any(
        planned.path("state/compress").rglob("*.safetensors")
    )
    assert planned.plan() == {}


def test_members_recover_and_keep_their_codes(planned):
    before, _ = load_weights(planned.path("models/student/ema/weights.safetensors"))
    after, _ = load_weights(planned.path(f"{MEMBER}/weights.safetensors"))
    moved = [p for p, v in after.items() if p.endswith("moving_mean") and (v != before[p]).any()]
    assert moved
    assert not any(isinstance(value, Encoded) for value in before.values())


@pytest.mark.parametrize("rule", ["plan", "compress", "sweep"])
def test_the_code_of_a_budget_counts_every_module_that_it_uses(planned, command_line, rule):
    assert not_counted(rule, planned, command_line) == set()


def test_the_readmes_arrows_of_a_plan_are_real(planned):
    shown = {e for e in shown_edges() if {"plan", "compress", "sweep"} & set(e)}
    assert shown and shown <= real_edges(planned)[1]


def test_another_budget_plans_again_and_trains_nothing(again):
    again.write_config(compressing(9_000_000, recovery={"batch_norm_videos": 20, "epochs": 1}))
    assert again.plan() == {"plan": 1, "compress": 1, "sweep": 1, **FINAL}


def test_another_recovery_compresses_again_and_plans_nothing(again):
    again.write_config(compressing(recovery={"batch_norm_videos": 30}))
    assert again.plan() == {"compress": 1, **FINAL}


def test_another_sweep_starts_nothing_but_itself(again):
    again.write_config(
        compressing(recovery={"batch_norm_videos": 20, "epochs": 1}, sweep=[1.0, 0.8])
    )
    assert again.plan() == {"sweep": 1, "provenance": 1, "report": 1}


def test_a_budget_that_nothing_fits_is_told_with_the_table(again):
    again.write_config(compressing(100_000))  # room for members, not for a graph
    output = again.snakemake("final", succeeds=False)
    assert "needs" in output and "budget_bytes is 100,000" in output
    assert not again.path("ensembles/final/plan.json").exists()


def test_without_a_plan_the_quantised_members_are_back(again):
    again.stand_in = True
    again.write_config()
    ran = again.run("results/ensembles/final/fingerprint.json")
    assert ran == {"ensemble": 1, "fingerprint": 1}
