"""All settings as Markdown tables, generated from the settings classes, for `config/README.md`."""

import inspect
from dataclasses import asdict
from typing import Any

from pydantic import TypeAdapter

from yt8m.config.model import COMMON, ModelConfig
from yt8m.config.resources import Job
from yt8m.config.sections import Section, sections
from yt8m.mistakes import number
from yt8m.recipes import REQUIRED, Family, as_entry
from yt8m.strict import fields_of, is_settings

MARK = "Written by `yt8m settings --write`; edit the settings classes in `yt8m/` instead.\n"
"""Line that separates the text written by hand from the generated tables in the README."""


def describe() -> str:
    """All sections and kinds, each as a table of settings, values, defaults and meanings."""
    return "\n".join(_table(section) for section in sections())


def _table(section: Section) -> str:
    kind = f", kind `{section.kind}`" if section.kind else ""
    about = inspect.getdoc(section.cls).split("\n\n")[0].replace("\n", " ")
    schema = TypeAdapter(section.cls).json_schema()["properties"]
    rows = [
        f"| `{word}` | {_values(schema[word])} | {_default(section, word)} | {info.description} |"
        for word, info in section.fields().items()
    ]
    head = ["| setting | values | default | meaning |", "|---|---|---|---|"] if rows else []
    return "\n".join([f"### `{section.word}`{kind}\n", f"{about}\n", *head, *rows, ""])


def _values(schema: dict[str, Any]) -> str:
    """Allowed values, such as "whole, 1 or more, at most 8", from a field's JSON schema."""
    options = [s for s in schema.get("anyOf", [schema]) if s.get("type") != "null"]
    schema = options[0]
    if "enum" in schema:
        return ", ".join(f"`{_plain(value)}`" for value in schema["enum"])
    if schema.get("type") not in ("integer", "number"):
        return {"boolean": "true, false", "string": "text"}.get(schema.get("type"), "")
    what = "whole" if schema["type"] == "integer" else "number"
    limits = {
        "minimum": "{} or more",
        "exclusiveMinimum": "more than {}",
        "maximum": "at most {}",
        "exclusiveMaximum": "less than {}",
    }
    bounds = [text.format(number(schema[word])) for word, text in limits.items() if word in schema]
    return ", ".join([what, *bounds])


def _default(section: Section, word: str) -> str:
    family = section.fields()[word].json_schema_extra
    if isinstance(family, Family) and not (family.several or family.by_name):
        return "required" if family.kind == REQUIRED else f"`{{kind: {family.kind}}}`"
    if section.cls is ModelConfig and word in COMMON:
        return f"`{word}` at the top"
    try:
        value = section.default_of(word)
    except LookupError:
        return "required"
    if isinstance(family, Family) and family.several:
        return f"`[{', '.join(_recipe(recipe) for recipe in value)}]`"
    if isinstance(value, Job):
        return "`" + ", ".join(f"{k} {v}" for k, v in asdict(value).items()) + "`"
    return "see below" if is_settings(type(value)) else f"`{_plain(value)}`"


def _recipe(recipe: Any) -> str:
    """A recipe as written in a config, without settings at their defaults."""
    defaults = fields_of(type(recipe))
    entry = as_entry(recipe)
    return _plain({k: v for k, v in entry.items() if k == "kind" or v != defaults[k].default})


def _plain(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_plain, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {_plain(v)}" for k, v in value.items()) + "}"
    return str(value)
