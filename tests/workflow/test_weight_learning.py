"""Ensembles with learned weights: dependencies, and that the weights are used."""

import json

import pytest

from tests.workflow.promises import FREE, learning
from tests.workflow.test_edits import not_counted
from tests.workflow.test_status import real_edges, shown_edges

AGAIN = {"learn_weights": 1, "ensemble": 1, "fingerprint": 1}
"""The jobs after a change, up to the teacher's fingerprint."""


@pytest.fixture
def again(learned, tmp_path):
    """That run, which tests may change."""
    return learned.copy_to(tmp_path / "again")


def read(project, name):
    return json.loads(project.path(name).read_text())


def test_learned_weights_retrain_no_member_and_are_used_by_ensemble_and_report(learned):
    assert learned.ran["learn_weights"] == 1 and learned.ran["ensemble"] <= 2
    assert learned.ran.get("train", 0) <= 1  # the student
    found = read(learned, "ensembles/teacher/weights.json")
    members = read(learned, "ensembles/teacher/ensemble.json")["members"]
    used = {name: weight for name, weight in found["weights"].items() if weight > 0}
    assert {m["name"]: m["weight"] for m in members} == used
    assert found["settings"]["objective"] == "loss" and found["videos"] == 30
    assert not learned.path("ensembles/final/weights.json").exists()
    page = learned.path("report.html").read_text()
    assert "teacher uses" in page and "30 videos of validate" in page
    assert learned.plan() == {}


def test_the_code_of_weight_learning_counts_every_module_that_it_uses(learned, command_line):
    assert not_counted("learn_weights", learned, command_line) == set()


def test_the_readmes_arrows_for_weight_learning_are_real(learned):
    shown = {edge for edge in shown_edges() if "learn_weights" in edge}
    assert shown and shown <= real_edges(learned)[1]


@pytest.mark.parametrize("words", [{"folds": 4}, {"pull": 0.5}, {"videos": 20}, {"seed": 2}])
def test_a_changed_setting_learns_weights_again_and_trains_nothing_yet(again, words):
    again.write_config(learning(**{**FREE, **words}))
    assert again.plan("teacher") == AGAIN
    assert again.plan().keys() == AGAIN.keys()  # with the final ensemble, as far as is known


@pytest.mark.parametrize("words", [{"top_k": 5}, {"batch_size": 7}], ids=str)
def test_other_predictions_learn_again(again, words):
    again.write_config(lambda c: learning(**FREE)(c) or c.update(inference=words))
    assert again.plan("teacher") == AGAIN


def test_other_settings_with_the_same_outcome_stop_at_the_fingerprint(again):
    again.write_config(learning(**FREE, videos=10_000))
    ran = again.run()
    assert ran == {**AGAIN, "fingerprint": 2, "provenance": 1, "confidence": 1, "report": 1}
    assert again.plan() == {}


def test_without_learning_the_configured_weights_are_used_again(again):
    again.stand_in = True
    again.write_config()
    ran = again.run("teacher")
    assert ran == {"ensemble": 1, "fingerprint": 1}


def test_learned_weights_can_be_requested_as_a_target(again):
    target = "results/ensembles/teacher/weights.json"
    again.remove("ensembles/teacher/weights.json")
    assert again.plan(target) == {"learn_weights": 1}
    again.remove("models/bag/quantised")
    assert again.plan(target) == {"quantise": 1, "learn_weights": 1}


def test_a_split_used_only_to_learn_weights_is_read(again):
    def change(c):
        learning(**FREE, split="held_out")(c)
        c["dataset"]["source"]["splits"]["held_out"] = [1, 24]

    again.write_config(change)
    target = "results/ensembles/teacher/weights.json"
    plan = again.plan(target)
    assert plan["manifest"] >= 1 and plan["learn_weights"] == 1
