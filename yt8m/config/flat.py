"""A model's settings as one flat mapping, to name, compare and vary them by dotted path."""

from collections.abc import Iterator, Mapping
from typing import Any

from yt8m.config.model import ModelConfig

SECTIONS = ("training", "ema", "quantise")
"""Settings of a model that are mappings, in the order in which a model is made."""


def flat_settings(model: ModelConfig) -> dict[str, Any]:
    """Dotted path -> value (JSON) of all settings, as in an entry of `models` with all defaults.

    `kind` and the recipe's settings come first. Lists, and mappings without keys, are values.
    """
    return flat_entry(model.entry())


def flat_entry(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The same from a model's entry as JSON: of `run.json`, or the content of a `config.json`.

    Settings of a teacher are left out if there is none, as in an entry of `models`.
    """
    words = [word for word in SECTIONS if word in entry]
    words += ["teacher", "teacher_weight"] if entry.get("teacher") else []
    sections = [("", entry["recipe"]), *((word, entry[word]) for word in words)]
    return {path: value for word, inside in sections for path, value in leaves(word, inside)}


def settings_that_differ(settings: Mapping[str, Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Dotted path -> values, one per model, of the settings that are not the same in all models.

    settings: name -> `flat_settings`. A setting that a model does not have is None there.
    """
    paths = dict.fromkeys(path for found in settings.values() for path in found)
    columns = {path: [found.get(path) for found in settings.values()] for path in paths}
    return {path: column for path, column in columns.items() if _differ(column)}


def _differ(values: list[Any]) -> bool:
    return any(value != values[0] for value in values)


def leaves(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Dotted path below `path` and value of everything in a mapping that is not a mapping itself.

    A mapping without keys is a value, and so is a list.
    """
    if not isinstance(value, Mapping) or not value:
        yield path, value
        return
    for word, inside in value.items():
        yield from leaves(f"{path}.{word}" if path else word, inside)
