"""Ensembles that are fitted into their budget: dependencies, and the use of the plan."""

import json

import pytest

from tests.workflow.promises import FINAL, SCORES, compressing
from tests.workflow.test_edits import not_counted
from tests.workflow.test_status import real_edges, shown_edges
from yt8m.compression.storage import Encoded
from yt8m.weights import load_weights

MEMBER = "ensembles/final/members/student"
RECOVERY = {"batch_norm_videos": 20, "epochs": 1}
REPLANNED = {"plan": 1, "compress": 1, "sweep": 1, **FINAL}


@pytest.fixture
def again(planned, tmp_path):
    """That run, which tests may change."""
    return planned.copy_to(tmp_path / "again")


def test_a_plan_trains_nothing_and_is_used_by_ensemble_and_report(planned):
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


def test_the_readmes_arrows_for_a_plan_are_real(planned):
    shown = {e for e in shown_edges() if {"plan", "compress", "sweep"} & set(e)}
    assert shown and shown <= real_edges(planned)[1]


def test_another_budget_plans_again_and_trains_nothing(again):
    again.write_config(compressing(9_000_000, recovery=RECOVERY))
    assert again.plan() == REPLANNED


@pytest.mark.parametrize("words", [{"min_elements": 300}, {"videos": 30}], ids=str)
def test_other_settings_plan_again_and_train_nothing(again, words):
    again.write_config(compressing(recovery=RECOVERY, **words))
    assert again.plan() == REPLANNED


def test_another_recovery_compresses_again_and_plans_nothing(again):
    again.write_config(compressing(recovery={"batch_norm_videos": 30}))
    assert again.plan() == {"compress": 1, **FINAL}


def test_another_sweep_runs_only_the_sweep(again):
    again.write_config(compressing(recovery=RECOVERY, sweep=[1.0, 0.8]))
    assert again.plan() == {"sweep": 1, "provenance": 1, "confidence": 1, "report": 1}


def test_other_confidence_repeats_the_sweep_whose_intervals_it_gives(again):
    again.write_config(also(lambda c: c["run"].update(confidence={"resamples": 200})))
    assert again.plan() == {"sweep": 1, "provenance": 1, "confidence": 1, "report": 1}


def also(change):
    """A change of the config: another one, and the final ensemble is compressed as before."""

    def both(c):
        compressing(recovery=RECOVERY)(c)
        change(c)

    return both


def test_other_metrics_repeat_the_sweep_and_neither_plan_nor_compress(again):
    again.write_config(also(lambda c: c.update(inference={"top_k": 5})))
    assert again.plan() == {"sweep": 1, **SCORES}


def test_another_batch_size_plans_and_compresses_again(again):
    """Sums over other batches are rounded otherwise, so shards and students are made again too."""
    again.write_config(also(lambda c: c.update(inference={"batch_size": 7})))
    assert again.plan() == {
        **{"distil": 3, "distilled_manifest": 1, "train": 1, "ema": 1, "quantise": 1},
        **REPLANNED,
        **SCORES,
    }


def test_when_codes_are_decoded_is_part_of_the_plan(again):
    """The nodes that decode take other bytes."""
    again.write_config(also(lambda c: c["ensembles"]["final"].update(decode="per_call")))
    assert again.plan() == REPLANNED


def test_an_impossible_budget_is_reported_and_no_plan_is_written(again):
    again.write_config(compressing(220_000))  # the least that is known in advance is below
    output = again.snakemake("final", succeeds=False)
    assert "needs" in output and "budget_bytes is 220,000" in output
    assert not again.path("ensembles/final/plan.json").exists()


def test_without_a_plan_the_ensemble_is_made_of_quantised_members_again(again):
    again.stand_in = True
    again.write_config()
    ran = again.run("results/ensembles/final/fingerprint.json")
    assert ran == {"ensemble": 1, "fingerprint": 1}
