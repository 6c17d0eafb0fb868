"""The settings that each step depends on, as JSON."""

import json

from tests.workflow.test_plan import compressing, imported, learning, plan_of
from yt8m.workflow.entries import Entries


def entries_of(change=None) -> Entries:
    return Entries(plan_of(change))


def test_the_schema_is_that_of_the_records():
    schema = json.loads(entries_of().schema())
    assert dict(schema["features"]) == {"rgb": 24, "audio": 8} and schema["classes"] == 6


def test_the_title_is_in_its_own_entry_only():
    one, other = entries_of(), entries_of(lambda c: c.update(title="Another"))
    assert other.title() == "Another" != one.title()
    assert one.whole() == other.whole() and one.made() == other.made()


def test_the_entry_of_what_is_made_names_it():
    made = json.loads(entries_of(imported).made())
    assert made["models"] == ["student"] and made["imported"] == ["teacher"]
    assert made["final"] == "final" and made["learning"] == []


def test_the_card_entry_holds_the_given_settings():
    card = entries_of(lambda c: c.update(card={"author": "A. Maker"})).card()
    assert json.loads(card)["author"] == "A. Maker"


def test_the_settings_of_weight_learning_and_recovery_are_those_of_the_ensemble():
    assert json.loads(entries_of(learning).weight_learning("teacher"))["folds"] == 3

    def recovering(c):
        c["ensembles"]["final"]["compress"] = {"recovery": {"epochs": 2}}

    assert json.loads(entries_of(recovering).recovery("final"))["epochs"] == 2


def test_a_compression_plan_depends_on_neither_sweep_nor_recovery():
    def otherwise(c):
        c["ensembles"]["final"]["compress"] = {"sweep": [0.9], "recovery": {"epochs": 1}}

    one, other = entries_of(compressing), entries_of(otherwise)
    assert one.compression("final") == other.compression("final")
    words = {"quantisers", "min_elements", "videos", "guide"}
    assert json.loads(one.compression("final")).keys() == words


def test_the_entry_of_decoding_is_the_setting():
    change = {"decode": "per_call"}
    entries = entries_of(lambda c: c["ensembles"]["final"].update(change))
    assert entries.decode("final") == "per_call" != entries.decode("teacher")
