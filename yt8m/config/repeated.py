"""Repetitions: models that differ in nothing but the seed of their training."""

import json
from collections.abc import Mapping
from typing import Any

from yt8m.config.flat import flat_settings
from yt8m.config.model import ModelConfig

SEED = "training.seed"
"""The only setting in which repetitions differ."""


def repetitions(models: Mapping[str, ModelConfig]) -> dict[str, tuple[str, ...]]:
    """Groups of two or more models with equal settings but different seeds, in order of the seed.

    The key of a group is its first model in the order of the config. Of models whose seeds are also
    equal only the first is included: the others are the same run, not another one.
    """
    return repeated({name: flat_settings(model) for name, model in models.items()})


def repeated(settings: Mapping[str, Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    """The same from settings by dotted path. settings: name -> `flat_settings`."""
    groups: dict[str, dict[int, str]] = {}
    for name, found in settings.items():
        groups.setdefault(_without_seed(found), {}).setdefault(found[SEED], name)
    return {
        next(iter(group.values())): tuple(group[seed] for seed in sorted(group))
        for group in groups.values()
        if len(group) > 1
    }


def _without_seed(settings: Mapping[str, Any]) -> str:
    return json.dumps({path: v for path, v in settings.items() if path != SEED}, sort_keys=True)
