"""The variants of a config in words: a line for each entry of `models` that has some."""

from collections.abc import Iterable, Sequence
from typing import Any

from yt8m.config.experiment import Experiment
from yt8m.config.flat import flat_settings, settings_that_differ

LISTED = 6
"""Most values of a setting that are listed one by one."""


def format_families(experiment: Experiment) -> str:
    """Such as "vlad: 6 variants = clusters (8, 16, 32) x training.seed (1, 2)"; a line each."""
    return "".join(
        f"{base}: {_made(len(names))}{_settings(experiment, names)}\n"
        for base, names in experiment.variants.items()
    )


def base_of(experiment: Experiment) -> dict[str, str]:
    """Name of a variant -> the entry of `models` that it was made from."""
    return {name: base for base, names in experiment.variants.items() for name in names}


def shortened(experiment: Experiment, names: Iterable[str]) -> list[str]:
    """The names, with one for all variants of an entry: such as "vlad and 5 more"."""
    base, groups = base_of(experiment), {}
    for name in names:
        groups.setdefault(base.get(name, name), []).append(name)
    return [first_of(group) for group in groups.values()]


def first_of(names: Sequence[str]) -> str:
    """Such as "vlad and 5 more"."""
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1:,} more"


def _made(count: int) -> str:
    return f"{count:,} variant{'' if count == 1 else 's'}"


def _settings(experiment: Experiment, names: Sequence[str]) -> str:
    """The settings in which they differ; after "=" if all combinations are there."""
    found = {name: flat_settings(experiment.models[name]) for name in names}
    values = {path: _distinct(column) for path, column in settings_that_differ(found).items()}
    combinations = 1
    for each in values.values():
        combinations *= len(each)
    sign, between = (" = ", " x ") if combinations == len(names) else (" of ", ", ")
    parts = between.join(f"{path} ({_listed(each)})" for path, each in values.items())
    return f"{sign}{parts}" if values else ""


def _distinct(values: Sequence[Any]) -> list[Any]:
    found = []
    for value in values:
        if value not in found:
            found.append(value)
    is_number = all(isinstance(v, int | float) and not isinstance(v, bool) for v in found)
    return sorted(found) if is_number else found


def _listed(values: Sequence[Any]) -> str:
    if len(values) <= LISTED:
        return ", ".join(map(_text, values))
    return f"{_text(values[0])} ... {_text(values[-1])}, {len(values):,} values"


def _text(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "none", True: "true", False: "false"}[value]
    return f"{value:g}" if isinstance(value, float) else str(value)
