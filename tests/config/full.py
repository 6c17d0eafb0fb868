"""A config with every setting, defaults included, and a walk through its places."""

import copy
import json
from collections.abc import Iterator
from typing import Any

from tests.small import config
from yt8m.config.experiment import read_experiment
from yt8m.recipes import as_entry

Place = tuple[str | int, ...]

VARIANTS = [
    {"of": "vlad", "grid": {"clusters": [2], "training.frames": [{"kind": "all"}]}, "seeds": 2},
    {"of": "vlad", "pairs": [{"hidden": 3, "ema.epochs": 1}, {}], "limit": 9},
    {
        "of": "bag",
        "random": {
            "count": 2,
            "seed": 1,
            "settings": {
                "hidden": {"low": 3, "high": 9, "log": True},
                "training.loss": ["cross_entropy"],
            },
        },
    },
]
"""All settings of `variants`. Not in the full config, each reading of which would take longer."""


def full_config() -> dict[str, Any]:
    """The small experiment with an ensemble of every sort and all settings written out."""
    words = json.loads(json.dumps(config()))
    words["ensembles"]["final"]["compress"] = {"sweep": [0.5], "recovery": {"epochs": 1}}
    words["ensembles"]["teacher"]["learn"] = {}
    words["ensembles"]["spare"] = {"folder": "elsewhere"}
    entry = as_entry(read_experiment(words))
    del entry["variants"]
    for name in entry["models"]:
        recipe = entry["models"][name].pop("recipe")
        del entry["models"][name]["name"], entry["models"][name]["schema"]
        given = {k: v for k, v in entry["models"][name].items() if v is not None}
        entry["models"][name] = {**recipe, **given}
        if "teacher" not in given:
            del entry["models"][name]["teacher_weight"]
    entry["training"] = copy.deepcopy(entry["models"]["vlad"]["training"])
    entry["ema"] = copy.deepcopy(entry["models"]["vlad"]["ema"])
    entry["quantise"] = copy.deepcopy(entry["models"]["vlad"]["quantise"])
    return json.loads(json.dumps(entry))


def places(value: Any, above: Place = ()) -> Iterator[Place]:
    """Every place in nested mappings and lists, including those of the containers."""
    if above:
        yield above
    if isinstance(value, list):
        value = dict(enumerate(value))
    for word, inner in value.items() if isinstance(value, dict) else ():
        yield from places(inner, (*above, word))


def replaced(value: Any, place: Place, new: Any) -> Any:
    """A copy with another value in one place."""
    result = copy.deepcopy(value)
    at = result
    for word in place[:-1]:
        at = at[word]
    at[place[-1]] = new
    return result
