"""Every setting as Markdown tables, out of the sources: the text of `config/README.md`."""

import inspect
import re
from dataclasses import MISSING, asdict, fields, is_dataclass
from typing import Any

from yt8m.config.card import Card
from yt8m.config.compression import Compression, Recovery
from yt8m.config.dataset import Dataset
from yt8m.config.ensembles import Ensemble, Weighing
from yt8m.config.experiment import Model, Resources, Top
from yt8m.config.settings import (
    Averaging,
    BatchNormalisation,
    Distillation,
    FrameSampling,
    Inference,
    Job,
    Quantisation,
    Run,
    Training,
    TrainingJob,
)
from yt8m.data.checks import Checks
from yt8m.recipes import as_entry, kinds, recipe_class

SECTIONS = [
    ("(top)", Top),
    ("dataset", Dataset),
    ("dataset.checks", Checks),
    ("training", Training),
    ("training.frames", FrameSampling),
    ("training.batch_norm", BatchNormalisation),
    ("ema", Averaging),
    ("quantise", Quantisation),
    ("models.<name>", Model),
    ("ensembles.<name>", Ensemble),
    ("ensembles.<name>.compress", Compression),
    ("ensembles.<name>.compress.recovery", Recovery),
    ("ensembles.<name>.learn", Weighing),
    ("distillation", Distillation),
    ("inference", Inference),
    ("run", Run),
    ("card", Card),
    ("resources", Resources),
    ("resources.<step>", Job),
    ("resources.train", TrainingJob),
]
FAMILIES = [
    ("dataset.source", "yt8m.data.sources"),
    ("models.<name>", "yt8m.models"),
    ("models.<name>.classifier", "yt8m.classifiers"),
    ("quantise.quantiser", "yt8m.compression.quantisers"),
]


def describe() -> str:
    """All sections and kinds, each as a table of word, default and meaning."""
    parts = [_table(f"`{word}`", cls) for word, cls in SECTIONS]
    for word, package in FAMILIES:
        for kind in kinds(package):
            parts.append(_table(f"`{word}`, kind `{kind}`", recipe_class(package, kind, word)))
    return "\n".join(parts)


def _table(title: str, cls: type) -> str:
    meanings = _comments(cls) | _docstring_fields(cls)
    about = inspect.getdoc(cls).split("\n\n")[0].replace("\n", " ")
    rows = [f"| `{f.name}` | {_default(f)} | {meanings.get(f.name, '')} |" for f in fields(cls)]
    head = ["| setting | default | meaning |", "|---|---|---|"] if rows else []
    return "\n".join([f"### {title}\n", f"{about}\n", *head, *rows, ""])


def _comments(cls: type) -> dict[str, str]:
    """Meanings from the comments beside and below the fields, inherited ones included."""
    found, last = {}, None
    sources = (inspect.getsource(base) for base in reversed(cls.__mro__) if is_dataclass(base))
    for line in (line for source in sources for line in source.splitlines()):
        if match := re.match(r"    (\w+): [^#]*?(?:  # (.*))?$", line):
            last = match[1]
            found[last] = match[2] or ""
        elif last and (match := re.match(r"    # (.*)", line)):
            found[last] = f"{found[last]} {match[1]}".strip()
        elif not line.strip():
            last = None
    return {name: text for name, text in found.items() if text}


def _docstring_fields(cls: type) -> dict[str, str]:
    """Meanings from the paragraphs `name: text` or `one, two: text` of the docstring."""
    found: dict[str, str] = {}
    last: list[str] = []
    names = {f.name for f in fields(cls)}
    for line in inspect.getdoc(cls).splitlines():
        match = re.match(r"([\w, ]+): (.*)", line)
        words = [w.strip() for w in match[1].split(",")] if match else []
        if match and set(words) <= names:
            last = words
            found |= dict.fromkeys(words, match[2])
        elif last and line.startswith("    "):
            found |= {word: f"{found[word]} {line.strip()}" for word in last}
        else:
            last = []
    return found


def _default(f: Any) -> str:
    if f.metadata.get("several"):
        return f"`[{', '.join(_recipe(recipe) for recipe in f.default_factory())}]`"
    if "package" in f.metadata:
        kind = f.metadata["default"]
        return f"`{{kind: {kind}}}`" if kind else "required"
    if f.default is MISSING and f.default_factory is MISSING:
        return "required"
    value = f.default if f.default is not MISSING else f.default_factory()
    if hasattr(value, "__dataclass_fields__"):
        if isinstance(value, Job):
            return "`" + ", ".join(f"{k} {v}" for k, v in asdict(value).items()) + "`"
        return "see below"
    return f"`{_plain(value)}`"


def _recipe(recipe: Any) -> str:
    """A recipe as it is written in a config, with the words that are not at their defaults."""
    entry, defaults = as_entry(recipe), as_entry(type(recipe)())
    words = {k: v for k, v in entry.items() if k == "kind" or v != defaults[k]}
    return _plain(words)


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
