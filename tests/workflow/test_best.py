"""Ensembles whose members are chosen during the run: what runs when, and what is not run again.

All but the last tests are with stand-ins for the steps, whose choice is the order of names, or that
in `ranking.txt`.
"""

import json

import pytest

from tests.workflow.promises import FINAL, FIRST, choosing
from tests.workflow.test_edits import not_counted
from yt8m.choosing.choice import read_choice
from yt8m.weights import read_header


def counts(first=FIRST, **more) -> dict[str, int]:
    """Jobs by rule, and more of them."""
    return {**first, **{rule: first.get(rule, 0) + n for rule, n in more.items()}}


def chain(stages: int = 3) -> dict[str, int]:
    """The jobs of one model and its metrics."""
    return {"model_config": stages, "train": 1, "ema": 1, "quantise": 1, "evaluate": stages}


@pytest.fixture
def again(chosen, tmp_path):
    """That run, which tests may change."""
    project = chosen.copy_to(tmp_path / "again")
    project.stand_in = True
    return project


def change(project, name: str, **settings) -> None:
    """Change settings of a model, and keep the choices."""

    def both(c):
        choosing(c)
        c["models"] = {**c["models"], name: {**c["models"][name], **settings}}

    project.write_config(both)


def members(project, ensemble: str) -> list[str]:
    return read_choice(project.path(f"ensembles/{ensemble}/choice.json"), ensemble).members


def test_a_first_run_trains_all_candidates_and_combines_the_best(chosen):
    assert chosen.ran == counts(choose=2, **chain())
    assert members(chosen, "teacher") == ["bag", "memory"] and members(chosen, "final") == ["other"]
    combined = [n["arguments"] for n in chosen.notes() if n["arguments"][0] == "ensemble"]
    assert all(not any("vlad" in word for word in words) for words in combined)
    assert chosen.plan() == {}


def test_a_changed_candidate_reruns_nothing_behind_an_unchanged_choice(again):
    before = again.path("ensembles/teacher/choice.json").read_text()
    change(again, "vlad", training={"learning_rate": 0.02})
    assert again.run() == {**chain(), "choose": 1, "provenance": 1, "confidence": 1, "report": 1}
    assert again.path("ensembles/teacher/choice.json").read_text() != before
    assert again.plan() == {}


STUDENTS = {"train": 2, "ema": 2, "quantise": 2, "evaluate": 6, "choose": 1}
"""The jobs of both students, after their teacher changed, and of the choice between them."""

BEHIND = {"distil": 3, "distilled_manifest": 1, **counts(STUDENTS, **FINAL)}
BEHIND = counts(BEHIND, ensemble=1, fingerprint=1, evaluate_ensemble=1, size=1)
"""The jobs behind a teacher of other members."""


def test_a_changed_candidate_that_is_chosen_changes_the_teacher_and_all_behind_it(again):
    again.folder.joinpath("ranking.txt").write_text("memory vlad bag student other")
    change(again, "vlad", training={"learning_rate": 0.02})
    assert again.run() == counts(BEHIND, **chain(), choose=1)
    assert members(again, "teacher") == ["memory", "vlad"]
    assert members(again, "final") == ["student"]
    assert again.plan() == {}


def test_a_changed_member_changes_its_ensemble_though_the_choice_is_the_same(again):
    change(again, "bag", training={"learning_rate": 0.02})
    assert again.run() == counts(BEHIND, **chain(), choose=1)
    assert members(again, "teacher") == ["bag", "memory"]


def test_another_order_of_the_same_members_changes_only_the_report(again):
    again.folder.joinpath("ranking.txt").write_text("memory bag vlad other student")
    ran = again.run("--forcerun", "results/ensembles/teacher/choice.json")
    assert ran == {"choose": 1, "report": 1}
    assert members(again, "teacher") == ["memory", "bag"] and again.plan() == {}


def test_a_changed_candidate_of_the_final_ensemble_leaves_the_teacher_alone(again):
    change(again, "student", ema={"epochs": 2})
    ran = again.run()
    average = {"model_config": 2, "ema": 1, "quantise": 1, "evaluate": 2}
    assert ran == {**average, "choose": 1, "provenance": 1, "confidence": 1, "report": 1}


@pytest.mark.parametrize("words", [{"count": 1}, {"by": "loss"}, {"of": ["vlad", "bag"]}], ids=str)
def test_other_settings_choose_again_before_anything_else_is_planned(again, words):
    def other(c):
        choosing(c)
        c["ensembles"]["teacher"]["best"].update(words)

    again.write_config(other)
    assert again.plan() == {"choose": 1}
    assert again.run("teacher").get("ensemble", 0) == (words != {"by": "loss"})


def test_an_ensemble_that_is_made_again_stops_at_its_fingerprint(again):
    def other(c):
        choosing(c)
        c["ensembles"]["teacher"]["decode"] = "per_call"

    again.write_config(other)
    assert again.plan() == {"ensemble": 1, "fingerprint": 1}


def test_an_ensemble_that_comes_out_the_same_reruns_nothing_behind_it(again):
    ran = again.run("--forcerun", "results/ensembles/teacher/ensemble.json")
    assert ran == {"ensemble": 1, "fingerprint": 1} and again.plan() == {}


def test_a_lost_choice_is_made_again_and_nothing_else(again):
    again.remove("ensembles/teacher/choice.json")
    assert again.run() == {"choose": 1}
    assert again.plan() == {}


def test_a_damaged_choice_is_named_without_a_traceback(again):
    again.path("ensembles/teacher/choice.json").write_text("{}")
    output = again.snakemake("--dry-run", succeeds=False)
    assert "choice.json: ensemble: is missing" in output and "Traceback" not in output


def test_partial_targets_choose_before_they_combine(again):
    again.remove("ensembles/teacher")
    assert again.plan("teachers") == {}
    assert again.plan("results/ensembles/teacher/choice.json") == {"choose": 1}
    assert again.plan("teacher") == {"choose": 1}
    assert again.run("teacher") == {"choose": 1, "ensemble": 1, "fingerprint": 1}
    again.remove("ensembles/final")
    assert again.plan("final") == {"choose": 1}
    again.remove("models/vlad/quantised")
    assert again.plan("teachers") == {"quantise": 1}


def test_other_evaluation_records_choose_again_and_change_nothing_behind_the_same_choice(again):
    again.path("data/validate/validate-00000-of-00001.tfrecord").write_text("others")
    ran = again.run()
    assert ran == {
        **{"manifest": 1, "find_duplicates": 1, "evaluate": 15, "evaluate_ensemble": 2},
        **{"choose": 2, "thresholds": 1, "archive": 1, "predict": 1, "submit": 1},
        **{"confidence": 1, "report": 1},
    }
    assert again.plan() == {}


def test_a_chosen_ensemble_is_the_same_as_one_with_these_members(again):
    def given(c):
        choosing(c)
        c["ensembles"]["teacher"] = {"members": {"memory": 0.5, "bag": 0.5}}
        c["ensembles"]["final"] = {"members": {"other": 1.0}, "budget_bytes": 10_000_000}
        c["run"]["models"] = ["vlad", "student"]

    again.write_config(given)
    assert again.plan() == {"provenance": 1, "confidence": 1, "report": 1}


@pytest.fixture(scope="module")
def best(built, run_once):
    """The finished run, with real steps, after its teacher's members were chosen."""

    def make(project):
        built.copy_into(project.folder)

        def change(c):
            chosen = {"best": {"of": ["vlad", "bag", "memory"], "by": "loss", "count": 2}}
            c["ensembles"] = {**c["ensembles"], "teacher": chosen}

        project.write_config(change)
        return project.run()

    return run_once("best", make)


def test_the_candidates_with_the_best_metric_are_combined_and_reported(best):
    assert best.ran["choose"] == 1 and best.ran["train"] == 1  # the student
    folders = {name: best.path(f"models/{name}/quantised") for name in ("vlad", "bag", "memory")}
    loss = {
        name: json.loads((folder / "metrics.validate.json").read_text())["loss"]
        for name, folder in folders.items()
    }
    least = sorted(loss, key=loss.get)
    choice = read_choice(best.path("ensembles/teacher/choice.json"), "teacher")
    assert [c.name for c in choice.candidates] == least and choice.members == least[:2]
    ensemble = json.loads(best.path("ensembles/teacher/ensemble.json").read_text())
    assert {m["name"]: (m["weight"], m["digest"]) for m in ensemble["members"]} == {
        name: (0.5, read_header(folders[name] / "weights.safetensors")[1]) for name in least[:2]
    }
    page = best.path("report.html").read_text()
    assert "candidates by loss on validate" in page and "Candidates for teacher" in page
    assert best.plan() == {}


def test_the_code_of_the_choice_counts_every_module_that_it_uses(best, command_line):
    assert not_counted("choose", best, command_line) == set()
