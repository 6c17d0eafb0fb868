"""Models at all sizes: what is planned, and one run from records to the choice for a budget."""

import csv

import pytest

from tests.workflow.test_edits import not_counted
from tests.workflow.test_plan import plan_of
from yt8m.workflow.entries import Entries
from yt8m.workflow.targets import Targets

ENCODINGS = [{"kind": "kmeans", "bits": bits} for bits in (2, 4)]


def comparing(c):
    """A student of two seeds, and a model without a teacher."""
    c["models"] = {**c["models"], "student": {**c["models"]["student"], "seeds": 2}}
    compress = {"quantisers": ENCODINGS, "min_elements": 100, "videos": 20}
    words = {"quantisers": ENCODINGS[1:], "budgets": [5, "1 GB"], "compress": compress}
    c["frontier"] = {"models": ["student", "vlad"], **words}


def guided(c):
    comparing(c)
    c["frontier"]["split"] = "validate"
    c["frontier"]["compress"] = {"guide": "labels", "split": "held_out"}
    splits = {**c["dataset"]["source"]["splits"], "held_out": [1, 30]}
    c["dataset"]["source"] = {**c["dataset"]["source"], "splits": splits}


def test_the_frontier_makes_its_models_and_their_seeds():
    plan = plan_of(comparing)
    assert plan.frontier_models == ["student", "student_seed2", "vlad"]
    assert set(plan.frontier_models) <= set(plan.models)
    assert plan.model_points()[0] == "r/frontier/student.json"
    assert Targets(plan).frontier == ["r/frontier/points.csv"]
    assert Targets(plan_of()).frontier == []


def test_a_split_whose_labels_guide_plans_must_have_some():
    plan = plan_of(guided)
    assert plan.labelled == {"train", "validate", "held_out"}
    assert "held_out" in plan.splits
    assert plan.frontier_records() == {
        "planned_on": "r/data/held_out.json",
        "records": "r/data/validate.json",
    }
    assert "held_out" not in plan_of(comparing).labelled


def test_points_do_not_depend_on_which_models_are_compared():
    def fewer(c):
        comparing(c)
        c["frontier"]["models"] = ["vlad"]

    assert Entries(plan_of(comparing)).frontier() == Entries(plan_of(fewer)).frontier()


@pytest.fixture(scope="module")
def compared(built, run_once):
    """The finished run, with models at all sizes."""

    def make(project):
        built.copy_into(project.folder)
        project.write_config(comparing)
        return project.run("frontier")

    return run_once("compared", make)


def test_only_new_models_are_trained_and_each_is_measured_by_one_job(compared):
    assert compared.ran == {
        **{"model_config": 2, "train": 1, "ema": 1},
        **{"points": 3, "frontier": 1},
    }
    assert compared.plan("frontier") == {}


def test_the_table_has_a_row_per_model_and_encoding(compared):
    with compared.path("frontier/points.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    # One budget is too small for any of them, the other larger than float32.
    assert {row["encoding"] for row in rows} == {"float32", "kmeans bits=4"}
    seeds = {row["model"]: (row["of"], row["seeds"]) for row in rows}
    assert seeds["student_seed2"] == ("student", "2") and seeds["vlad"] == ("vlad", "1")
    assert any(row["on_frontier"] == "1" for row in rows)


@pytest.mark.parametrize("rule", ["points", "frontier"])
def test_the_code_of_the_frontier_counts_every_module_that_it_uses(compared, command_line, rule):
    assert not_counted(rule, compared, command_line) == set()
