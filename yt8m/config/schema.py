"""The JSON schema of a config, generated from the settings classes, for completion in editors.

A config may be merged with others, so the schema requires no key; the workflow does.
"""

import json
from typing import Any

import yaml
from pydantic import TypeAdapter

from yt8m.config.merging import MARK
from yt8m.config.model import OWN_WORDS, ModelConfig
from yt8m.config.sections import Config, sections
from yt8m.recipes import FAMILY, kinds, recipe_class

DIALECT = "https://json-schema.org/draft/2020-12/schema"
HEAD = (
    "# JSON schema of a config, for editors. Written by `yt8m settings --write`; edit the "
    "settings\n"
)
HEAD += "# classes in `yt8m/` instead.\n"


def schema_text() -> str:
    """The schema as YAML."""
    return HEAD + yaml.dump(
        config_schema(), Dumper=_WithoutAliases, sort_keys=False, width=100, allow_unicode=True
    )


class _WithoutAliases(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def config_schema() -> dict[str, Any]:
    """The schema as JSON."""
    schema = _schema_of(Config)
    parts = schema.pop("$defs")
    words = parts.pop(ModelConfig.__name__)["properties"]
    own = {word: words[word] for word in OWN_WORDS}
    for package in sorted({s.cls.__module__.rpartition(".")[0] for s in sections() if s.kind}):
        parts[package] = _family(package, own if package == "yt8m.models" else {})
    schema["properties"]["models"]["additionalProperties"] = {"$ref": "#/$defs/yt8m.models"}
    return {"$schema": DIALECT, "title": "yt8m config", **_open(schema), "$defs": _open(parts)}


def _schema_of(cls: type) -> dict[str, Any]:
    return json.loads(json.dumps(TypeAdapter(cls).json_schema()))


def _family(package: str, own: dict[str, Any]) -> dict[str, Any]:
    """A recipe: its kind determines the other settings. own: settings next to any recipe's."""
    known = kinds(package)
    kind = {"anyOf": [{"enum": known}, {"type": "string", "pattern": "\\."}]}
    kind["description"] = "a file of `" + package + "`, or with a dot an external module"
    return {
        "type": "object",
        "properties": {"kind": kind},
        "allOf": [
            {
                "if": {"properties": {"kind": {"const": name}}, "required": ["kind"]},
                "then": _kind(package, name, own),
            }
            for name in known
        ],
    }


def _kind(package: str, kind: str, own: dict[str, Any]) -> dict[str, Any]:
    schema = _schema_of(recipe_class(package, kind, kind))
    schema.pop("$defs", None)
    schema["properties"] = {"kind": True, **schema.get("properties", {}), **own}
    return schema


def _open(schema: Any) -> Any:
    """Without titles and required keys, and with keys that have the mark for replacing."""
    if isinstance(schema, list):
        return [_open(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    noise = ("title", "required") if "additionalProperties" in schema else ("title",)
    found = {w: _open(v) for w, v in schema.items() if w not in noise or not _is_noise(w, v)}
    if FAMILY in found:
        found["$ref"] = f"#/$defs/{found.pop(FAMILY)}"
    if isinstance(words := found.get("properties"), dict) and not found.get("if"):
        marked = {f"{w}{MARK}": v for w, v in words.items() if w != "kind" and _can_merge(v)}
        found["properties"] = {**words, **marked}
    return found


def _is_noise(word: str, value: Any) -> bool:
    return (word == "title" and isinstance(value, str)) or (
        word == "required" and isinstance(value, list)
    )


def _can_merge(schema: Any) -> bool:
    options = schema.get("anyOf", [schema]) if isinstance(schema, dict) else []
    return any("$ref" in s or s.get("type") == "object" for s in options)
