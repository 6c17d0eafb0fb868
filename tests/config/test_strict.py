"""What settings classes take and what they refuse, all of it at once."""

import re
from dataclasses import FrozenInstanceError
from typing import get_args, get_type_hints

import pytest
import yaml

from tests.small import config
from yt8m.config.ensembles import Ensemble
from yt8m.config.experiment import read_experiment
from yt8m.config.resources import Resources
from yt8m.config.sections import sections
from yt8m.config.training import Training
from yt8m.errors import ConfigError
from yt8m.recipes import as_entry, kind_of, read_recipe, read_settings, recipe_modules
from yt8m.strict import unchecked


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("5 MB", 5_000_000),
        ("5MB", 5_000_000),
        ("1 GB", 10**9),
        ("1.5 GB", 1_500_000_000),
        ("5_000_000", 5_000_000),
        ("64 KiB", 65536),
        ("1.5 MiB", 1_572_864),
        ("300 kB", 300_000),
        ("7 B", 7),
        (7, 7),
    ],
)
def test_sizes_are_read_as_people_write_them(text, size):
    entry = {"members": {"a": 1.0}, "budget_bytes": text}
    assert read_settings(Ensemble, entry, "e").budget_bytes == size


@pytest.mark.parametrize(
    "text", ["5 mb", "MB", "1.5 B", "-3 MB", "5 MB ", "5__0", "", "1e6", "5 M"]
)
def test_what_is_no_size_is_refused_with_what_would_be_one(text):
    with pytest.raises(
        ConfigError, match=re.escape(f"e.budget_bytes: is {text!r}; expected bytes")
    ):
        read_settings(Ensemble, {"members": {"a": 1.0}, "budget_bytes": text}, "e")


@pytest.mark.parametrize("value", [0, "0 MB", -5])
def test_a_budget_is_above_0(value):
    with pytest.raises(ConfigError, match=r"e.budget_bytes: is .*; (more than 0|expected bytes)"):
        read_settings(Ensemble, {"members": {"a": 1.0}, "budget_bytes": value}, "e")


def test_all_mistakes_are_told_at_once_each_with_its_place():
    words = yaml.safe_load(yaml.safe_dump(config(epochs=0)))
    words["models"]["vlad"]["clutsers"] = 3
    words["models"]["bag"] |= {"clusters": "many", "ema": {"average": "mean"}}
    words["ensembles"]["teacher"]["members"]["vlad"] = -0.5
    words["dataset"]["source"]["unseen"] = 2
    words["run"]["evaluate"] = []
    with pytest.raises(ConfigError) as error:
        read_experiment(words)
    head, *lines = str(error.value).split("\n  ")
    assert head == f"{len(lines)} mistakes:"
    assert set(lines) == {
        "training.epochs: is 0; 1 or more",
        "models.vlad.clutsers: unknown setting, did you mean 'clusters'?",
        "models.bag.clusters: is 'many'; expected a whole number",
        "models.bag.ema.average: is 'mean'; expected one of 'exponential' or 'equal'",
        "ensembles.teacher.members.vlad: is -0.5; must be more than 0",
        "ensembles.teacher.members: the weights sum to 0; they must sum to 1: "
        "bag 0.25, memory 0.25, vlad -0.5",
        "dataset.source.unseen: is 2; at most 1",
        "run.evaluate: is empty; name a labelled split to compare all graphs on",
    }


@pytest.mark.parametrize(
    ("path", "section", "expected"),
    [
        (
            "ensembles.teacher.learn",
            {"split": "nope", "folds": 1},
            ["folds: is 1; 2 or more", "split: split 'nope' has no shards; known: train, validate"],
        ),
        (
            "ensembles.final.compress",
            {"split": "nope", "videos": 0, "quantisers": 5},
            [
                "quantisers: is 5; expected a list",
                "videos: is 0; 1 or more",
                "split: split 'nope' has no shards; known: train, validate",
            ],
        ),
        (
            "ensembles.final.compress",
            {"split": "nope", "quantisers": [{"kind": "kmeans", "bits": 1}, {"kind": "uniform"}]},
            [
                "quantisers[0].bits: is 1; 2 or more",
                "split: split 'nope' has no shards; known: train, validate",
            ],
        ),
    ],
)
def test_an_invalid_setting_hides_no_invalid_name_beside_it(path, section, expected):
    """Also in an optional section, and in one with recipes."""
    words = yaml.safe_load(yaml.safe_dump(config()))
    _, name, step = path.split(".")
    words["ensembles"][name][step] = section
    words["ensembles"]["final"]["budget_bytes"] = 10**6
    with pytest.raises(ConfigError) as error:
        read_experiment(words)
    assert str(error.value).split("\n  ")[-len(expected) :] == [f"{path}.{e}" for e in expected]


def test_an_invalid_source_hides_no_undefined_split():
    words = yaml.safe_load(yaml.safe_dump(config()))
    words["dataset"]["source"]["seed"] = -1
    words["run"]["evaluate"] = ["nope"]
    with pytest.raises(ConfigError) as error:
        read_experiment(words)
    assert str(error.value).split("\n  ")[1:] == [
        "dataset.source.seed: is -1; 0 or more",
        "run.evaluate: split 'nope' has no shards; known: train, validate",
    ]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"training": {"epochs": 5.0}}, "training.epochs: is 5.0; expected a whole number"),
        ({"title": 5.0}, "title: is 5.0; expected a text"),
        ({"training": {"learning_rate": 0}}, "training.learning_rate: is 0; 1e-30 or more"),
    ],
)
def test_a_number_is_shown_as_what_it_is(words, message):
    with pytest.raises(ConfigError) as error:
        read_experiment({**config(), **words})
    assert str(error.value) == message


def test_names_that_lead_nowhere_are_told_at_once():
    words = yaml.safe_load(yaml.safe_dump(config()))
    words["run"] = {"final": "fnial", "models": ["ghost"], "predict": ["tset"]}
    words["ensembles"]["final"]["members"] = {"studnet": 1.0}
    with pytest.raises(ConfigError) as error:
        read_experiment(words)
    assert str(error.value).split("\n  ") == [
        "4 mistakes:",
        "ensembles.final.members.studnet: no such model, did you mean 'student'?",
        "run.final: there is no ensemble 'fnial', did you mean 'final'?",
        "run.models: there is no model 'ghost'; known: bag, memory, student, vlad",
        "run.predict: split 'tset' has no shards; known: train, validate",
    ]


def test_a_mistake_in_the_defaults_is_told_there_and_not_again_for_each_model():
    words = config(epochs=0)
    words["models"] = {**words["models"], "vlad": {"kind": "logistic", "training": {"epochs": -1}}}
    with pytest.raises(ConfigError) as error:
        read_experiment(words)
    found = str(error.value).split("\n  ")
    assert found[1:] == [
        "training.epochs: is 0; 1 or more",
        "models.vlad.training.epochs: is -1; 1 or more",
    ]


@pytest.mark.parametrize("section", sections(), ids=lambda s: f"{s.word} {s.kind}")
def test_no_setting_takes_true_for_a_number_or_a_text(section):
    """Whatever class it is in: strictness is not up to the field."""
    hints = get_type_hints(section.cls)
    for word in section.fields():
        if {int, float, str} & {hints[word], *get_args(hints[word])}:
            with pytest.raises(ConfigError) as error:
                read_settings(section.cls, {word: True}, "x")
            assert f"x.{word}: is True; expected" in str(error.value)


def test_settings_are_frozen():
    with pytest.raises(FrozenInstanceError):
        Training().epochs = 3


def test_unchecked_settings_are_as_they_are_told():
    assert unchecked(Training, epochs=-3).epochs == -3
    assert as_entry(unchecked(Training)) == as_entry(Training())


OUTSIDE = '''
"""A model from outside."""

from typing import Any

from pydantic import Field

from yt8m.recipes import one_of
from yt8m.strict import settings


@settings
class Recipe:
    """The mean frame, scaled."""

    scale: float = Field(1.0, gt=0, description="factor on the mean")
    classifier: Any = one_of("yt8m.classifiers", "logistic", "of the mean")

    def build(self, frames, mask, schema):
        raise NotImplementedError
'''
CLASHES = OUTSIDE.replace("scale: float", "teacher: float")


@pytest.fixture
def outside(tmp_path, monkeypatch):
    """A folder on the path of imports with modules in a package."""
    (tmp_path / "my_models_outside").mkdir()
    for name, text in {"__init__": "", "mean": OUTSIDE, "empty": "", "plain": "class Recipe: pass",
                       "broken": "import nothing_of_this_name", "ends": "raise SystemExit(0)",
                       "raises": "1 / 0", "clashes": CLASHES,
                       }.items():  # fmt: skip
        (tmp_path / "my_models_outside" / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    return "my_models_outside"


def test_a_kind_with_a_dot_is_a_module_from_outside(outside):
    entry = {"kind": f"{outside}.mean", "scale": 2, "classifier": {"l2": 0.5}}
    recipe = read_recipe("yt8m.models", entry, "models.mine")
    assert (recipe.scale, recipe.classifier.l2) == (2.0, 0.5)
    assert kind_of(recipe) == f"{outside}.mean"
    assert read_recipe("yt8m.models", as_entry(recipe), "x") == recipe
    assert recipe_modules(recipe) == [f"{outside}.mean", "yt8m.classifiers.logistic"]
    with pytest.raises(ConfigError, match=r"x.sclae: unknown setting, did you mean 'scale'"):
        read_recipe("yt8m.models", {"kind": f"{outside}.mean", "sclae": 2}, "x")


@pytest.mark.parametrize(
    ("module", "message"),
    [
        ("no_such_package.at_all", "cannot be imported (ModuleNotFoundError"),
        ("{}.gone", "add its folder to PYTHONPATH, or install it with pip"),
        ("{}.broken", "cannot be imported (ModuleNotFoundError: No module named 'nothing_of_this"),
        ("{}.empty", "has no class `Recipe`; see `yt8m.strict.settings`"),
        ("{}.plain", "has a `Recipe` that is not a settings class; see `yt8m.strict.settings`"),
        ("{}.ends", "cannot be imported (SystemExit"),
        ("{}.raises", "cannot be imported (ZeroDivisionError: division by zero)"),
        ("yt8m.classifiers.moe", "has no method build(frames, mask, schema), as recipes of yt8m.m"),
        ("yt8m.data.sources.records", "has no method build(frames, mask, schema), as recipes"),
        (".", "cannot be imported"),
        ("..x", "cannot be imported"),
    ],
)
def test_a_module_that_is_no_kind_is_refused_with_the_remedy(outside, module, message):
    with pytest.raises(ConfigError, match=re.escape(message)) as error:
        read_recipe("yt8m.models", {"kind": module.format(outside)}, "models.mine")
    assert str(error.value).startswith("models.mine.kind: ")
    is_found = "raises" in module or "ends" in module
    assert not is_found or "PYTHONPATH" not in str(error.value)


def test_a_model_from_outside_must_not_have_a_setting_of_every_model(outside):
    words = yaml.safe_load(yaml.safe_dump(config()))
    words["models"]["vlad"] = {"kind": f"{outside}.clashes"}
    with pytest.raises(ConfigError, match=r"models.vlad.kind: its `Recipe` has a field `teacher`"):
        read_experiment(words)


def test_resources_keep_what_a_config_leaves_out():
    words = yaml.safe_load(yaml.safe_dump(config())) | {"resources": {"train": {"gpu": 0}}}
    train, default = read_experiment(words).resources.train, Resources().train
    assert train.gpu == 0 and default.gpu == 1
    assert train.threads == default.threads > 1 and train.runtime == default.runtime
