"""25 mistakes in a config, with the messages about them before settings used pydantic, and now.

What was refused before still is, with the same place, and all mistakes are reported at once.
"""

import copy
import math
from dataclasses import dataclass
from itertools import combinations, permutations
from pathlib import Path
from typing import Any

import pytest
import yaml

from yt8m.config.experiment import read_experiment
from yt8m.errors import ConfigError

DEMO = yaml.safe_load((Path(__file__).parents[2] / "config" / "config.yaml").read_text())


@dataclass(frozen=True)
class Case:
    """A mistake. words: dotted place in the demo's config -> value there; None: nothing."""

    what: str
    words: dict[str, Any]
    before: str
    now: str


CASES = [
    Case(
        "a misspelt word of a model",
        {"models.vlad.clutsers": 3},
        "models.vlad.clutsers: unknown setting, did you mean 'clusters'?",
        "models.vlad.clutsers: unknown setting, did you mean 'clusters'?",
    ),
    Case(
        "a misspelt word at the top",
        {"modles": {}},
        "modles: unknown setting, did you mean 'models'?",
        "modles: unknown setting, did you mean 'models'?",
    ),
    Case(
        "a misspelt word two levels down",
        {"models.vlad.training": {"frames": {"cuont": 3}}},
        "models.vlad.training.frames.cuont: unknown setting, did you mean 'count'?",
        "models.vlad.training.frames.cuont: unknown setting, did you mean 'count'?",
    ),
    Case(
        "an unknown kind",
        {"models.vlad.kind": "netvald"},
        "models.vlad.kind: unknown kind 'netvald', did you mean 'netvlad'?",
        "models.vlad.kind: unknown kind 'netvald', did you mean 'netvlad'?",
    ),
    Case(
        "no kind",
        {"models.vlad": {"clusters": 3}},
        "models.vlad.kind: is missing; one of attention, bigru, bilstm, branched_gru, dbof, "
        "gated_dbof, logistic, lstm, mix_nextvlad, moe, netfv, netvlad, nextvlad, soft_dbof",
        "models.vlad.kind: is missing; one of attention, bigru, bilstm, branched_gru, dbof, "
        "gated_dbof, logistic, lstm, mix_nextvlad, moe, netfv, netvlad, nextvlad, soft_dbof",
    ),
    Case(
        "a number out of range",
        {"models.vlad.clusters": 1},
        "models.vlad.clusters: is 1; NetVLAD needs 2 or more.",
        "models.vlad.clusters: is 1; 2 or more",
    ),
    Case(
        "a default for all models out of range",
        {"training.learning_rate": 0},
        "training.learning_rate: is 0.0; from 1e-30 to 1000.0",
        "training.learning_rate: is 0; 1e-30 or more",
    ),
    Case(
        "true for a whole number",
        {"training.batch_size": True},
        "training.batch_size: is True; expected a whole number",
        "training.batch_size: is True; expected a whole number",
    ),
    Case(
        "a text for a number",
        {"training.epochs": "ten"},
        "training.epochs: is 'ten'; expected a whole number",
        "training.epochs: is 'ten'; expected a whole number",
    ),
    Case(
        "a number with a point for a whole number",
        {"training.epochs": 1.5},
        "training.epochs: is 1.5; expected a whole number",
        "training.epochs: is 1.5; expected a whole number",
    ),
    Case(
        "a list for a text",
        {"models.vlad_student.teacher": ["teacher"]},
        "models.vlad_student.teacher: is ['teacher']; expected a text",
        "models.vlad_student.teacher: is ['teacher']; expected a text",
    ),
    Case(
        "a number for a mapping",
        {"training.frames": 5},
        "training.frames: is 5; expected a mapping of settings",
        "training.frames: is 5; expected a mapping of settings",
    ),
    Case(
        "a word that is none of the choices",
        {"training.loss": "mse"},
        "training.loss: is 'mse'; expected one of cross_entropy, hinge, softmax",
        "training.loss: is 'mse'; expected one of 'cross_entropy', 'hinge' or 'softmax'",
    ),
    Case(
        "not a number",
        {"training.regularisation": math.nan},
        "training.regularisation: is nan; expected a finite number",
        "training.regularisation: is nan; expected a finite number",
    ),
    Case(
        "parts that do not divide a batch",
        {"training.micro_batches": 3},
        "training.micro_batches: is 3; must divide batch_size 50",
        "training.micro_batches: is 3; must divide batch_size, 50",
    ),
    Case(
        "weights that do not sum to 1",
        {"ensembles.teacher.members": {"vlad": 0.5}},
        "ensembles.teacher.members: the weights sum to 0.5; they must sum to 1: vlad 0.5",
        "ensembles.teacher.members: the weights sum to 0.5; they must sum to 1: vlad 0.5",
    ),
    Case(
        "a member that is no model",
        {"ensembles.teacher.members": {"ghost": 1.0}},
        "ensembles.teacher.members.ghost: no such model; `models` defines alone, bag, light, "
        "light_student, memory, vlad, vlad_student",
        "ensembles.teacher.members.ghost: no such model; known: alone, bag, light, light_student, "
        "memory, vlad, vlad_student",
    ),
    Case(
        "a teacher that is no ensemble",
        {"models.vlad_student.teacher": "techer"},
        "models.vlad_student.teacher: there is no ensemble 'techer'; `ensembles` defines final, "
        "teacher",
        "models.vlad_student.teacher: there is no ensemble 'techer', did you mean 'teacher'?",
    ),
    Case(
        "an ensemble that teaches itself",
        {"models.vlad.teacher": "teacher"},
        "ensembles.teacher: teaches itself: teacher <- teacher",
        "ensembles.teacher: is its own teacher: teacher <- teacher",
    ),
    Case(
        "a split without shards",
        {"run.evaluate": ["validation"]},
        "run.evaluate: split 'validation' has no shards, did you mean 'validate'?",
        "run.evaluate: split 'validation' has no shards, did you mean 'validate'?",
    ),
    Case("no dataset", {"dataset": None}, "dataset: is missing", "dataset: is missing"),
    Case(
        "a name that cannot be a file's",
        {"models.a-b": {"kind": "logistic"}},
        "models.a-b: is no name: a letter, then letters, digits and _",
        "models.a-b: is not a valid name; expected a letter, then letters, digits and _",
    ),
    Case(
        "a weight of a teacher that there is not",
        {"models.vlad.teacher_weight": 0.5},
        "models.vlad.teacher_weight: needs a `teacher`, the name of an ensemble",
        "models.vlad.teacher_weight: needs a `teacher`, the name of an ensemble",
    ),
    Case(
        "more shards than videos",
        {"dataset.source.splits.train": [6, 5]},
        "dataset.generate.splits.train: is 5 videos in 6 shards; 1 shard or more is needed, and a"
        " video for each.",
        "dataset.source.splits.train: has 5 videos in 6 shards; needs at least 1 shard, and a "
        "video per shard",
    ),
    Case(
        "three mistakes at once",
        {"models.vlad.clutsers": 3, "training.epochs": 0, "run.fnial": "x"},
        "models.vlad.clutsers: unknown setting, did you mean 'clusters'?",
        "3 mistakes:\n  run.fnial: unknown setting, did you mean 'final'?\n  training.epochs: is "
        "0; 1 or more\n  models.vlad.clutsers: unknown setting, did you mean 'clusters'?",
    ),
]


def changed(words: dict[str, Any]) -> dict[str, Any]:
    config = copy.deepcopy(DEMO)
    for path, value in words.items():
        *above, last = path.split(".")
        at = config
        for word in above:
            at = at[word]
        at[last] = value
        if value is None:
            del at[last]
    return config


def message_of(case: Case) -> str:
    """The message about a mistake now."""
    with pytest.raises(ConfigError) as error:
        read_experiment(changed(case.words))
    return str(error.value)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_the_message_about_a_mistake(case):
    assert message_of(case) == case.now


DEPENDENT = {
    ("parts that do not divide a batch", "true for a whole number"),  # the batch's size
    ("an ensemble that teaches itself", "a member that is no model"),  # in its place
    ("a member that is no model", "a name that cannot be a file's"),  # one more known name
}
"""Pairs of mistakes of which the first is reported only once the second is corrected."""


def entries(case: Case) -> set[str]:
    return {".".join(place.split(".")[:2]) for place in case.words}


SINGLE = [case for case in CASES[:-1] if case.what != "no dataset"]
PAIRS = [(a, b) for a, b in combinations(SINGLE, 2) if not entries(a) & entries(b)]


def test_two_mistakes_in_different_entries_are_both_reported():
    hidden = set()
    for pair in PAIRS:
        with pytest.raises(ConfigError) as error:
            read_experiment(changed({**pair[0].words, **pair[1].words}))
        lines = str(error.value).split("\n  ")
        hidden |= {(a.what, b.what) for a, b in permutations(pair) if a.now not in lines}
    assert hidden == DEPENDENT


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_the_message_names_the_same_place_as_before(case):
    place = case.before.split(": ")[0].replace("dataset.generate", "dataset.source")
    assert f"{place}: " in message_of(case)


def test_there_are_25_different_mistakes():
    assert len({case.what for case in CASES}) == len(CASES) == 25


def test_without_mistakes_nothing_is_refused():
    assert read_experiment(changed({})).run.final == "final"
