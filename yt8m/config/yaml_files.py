"""Config files read strictly: YAML's silent surprises are refused with file and line."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from yt8m.errors import ConfigError
from yt8m.files import read_text
from yt8m.mistakes import Mistake, refuse

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_OCTAL = re.compile(r"[-+]?0[0-7_]+")


def read_yaml(path: Path) -> Mapping[str, Any]:
    """The content of a config file, YAML or JSON, by the rules of YAML 1.1, as Snakemake reads it.

    Raises ConfigError, with the line, for a file that is missing, not valid YAML or UTF-8, or not a
    mapping; a repeated key; a number that YAML reads as another (`010`, `1:30`); an anchor that
    contains itself.
    """
    try:
        text = read_text(path)
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}; expected a config file") from None
    try:
        found = json.loads(text, object_pairs_hook=lambda pairs: _without_twins(pairs, path))
    except (ValueError, RecursionError):
        found = _load(text, path)
    if not isinstance(found, Mapping):
        raise ConfigError(f"{path}: is {found!r:.60}; expected a mapping of settings")
    return found


def _without_twins(pairs: list[tuple[str, Any]], path: Path) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        words = [word for word, _ in pairs]
        twice = next(word for word in words if words.count(word) > 1)
        raise ConfigError(f"{path}: the key {twice!r} is repeated in one mapping; keep one")
    return found


def _load(text: str, path: Path) -> Any:
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return {}
        found = [
            Mistake((), f"{path}, line {mark.line + 1}: {problem}")
            for mark, problem in _problems(node, (), {})
        ]
        if found:
            refuse(found)
        return loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f", line {mark.line + 1}" if mark else ""
        said = ", ".join(filter(None, (error.context, error.problem)))
        raise ConfigError(f"{path}{line}: is not valid YAML ({said})") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        said = " ".join(str(error).split())
        raise ConfigError(f"{path}: is not valid YAML ({said})") from None
    finally:
        loader.dispose()


def _problems(node: yaml.Node, above: tuple[int, ...], seen: dict) -> Iterator[tuple[Any, str]]:
    """Position and text of each problem below a node. above: the nodes that contain it."""
    if id(node) in above:
        yield node.start_mark, "an anchor (&) contains its own alias (*); write the value out"
    if id(node) in seen:
        return
    seen[id(node)] = node
    above = (*above, id(node))
    if isinstance(node, yaml.ScalarNode):
        yield from _number_problems(node)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _problems(item, above, seen)
    else:
        yield from _twin_problems(node)
        for key, value in node.value:
            yield from _problems(key, above, seen)
            yield from _problems(value, above, seen)


def _number_problems(node: yaml.ScalarNode) -> Iterator[tuple[Any, str]]:
    if not node.tag.endswith((":int", ":float")):
        return
    text = node.value
    if ":" in text:
        yield (
            node.start_mark,
            (f"{text} is a base-60 number in YAML; quote it, or write the number out"),
        )
    elif node.tag.endswith(":int") and _OCTAL.fullmatch(text):
        yield node.start_mark, f"{text} is an octal number in YAML; remove its leading zeros"


def _twin_problems(node: yaml.MappingNode) -> Iterator[tuple[Any, str]]:
    lines: dict[tuple[str, str], int] = {}
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode):
            continue
        word = key.tag, key.value
        if word in lines:
            first = lines[word] + 1
            yield key.start_mark, f"the key {key.value!r} is already in line {first}; keep one"
        lines[word] = key.start_mark.line
