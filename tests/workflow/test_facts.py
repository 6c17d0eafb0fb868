"""The facts in `run.json` about what a run makes."""

import json

import pytest

from tests.workflow.test_plan import imported, learning, plan_of
from yt8m.errors import ArtefactError
from yt8m.workflow.facts import Facts, read_facts


def test_facts_survive_the_round_trip(tmp_path):
    facts = plan_of(learning).facts()
    assert facts == Facts(
        final="final",
        train="train",
        evaluate=("validate",),
        models=("bag", "memory", "student", "vlad"),
        ensembles=("final", "teacher"),
        learning=("teacher",),
    )
    (tmp_path / "run.json").write_text(json.dumps({"made": facts.as_json(), "more": 1}))
    assert read_facts(tmp_path / "run.json") == facts


def test_an_imported_ensemble_is_listed_separately():
    facts = plan_of(imported).facts()
    assert facts.imported == ("teacher",) and facts.models == ("student",)


@pytest.mark.parametrize("content", ["", "{}", '{"made": {}}', '{"made": {"final": 1}}'])
def test_a_run_file_without_facts_is_refused_by_name(tmp_path, content):
    (tmp_path / "run.json").write_text(content)
    with pytest.raises(ArtefactError, match=r"run\.json"):
        read_facts(tmp_path / "run.json")
