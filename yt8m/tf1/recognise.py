"""From the names and shapes of variables to the recipe that they are of."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

import yt8m.tf1.kinds
from yt8m.data.schema import Schema
from yt8m.errors import ArtefactError, ConfigError
from yt8m.recipes import as_entry, read_recipe
from yt8m.tf1 import untold
from yt8m.tf1.shapes import Shapes

FEATURES_HINT = "the features can be given with --feature"


@dataclass(frozen=True)
class Recognised:
    """A model of ours that a checkpoint's variables are of.

    assumed: a line for each setting that nothing tells.
    """

    recipe: Any
    schema: Schema
    assumed: list[str]


def kind_modules() -> dict[str, ModuleType]:
    """Every file of `kinds/`, by name."""
    names = [m.name for m in pkgutil.iter_modules(yt8m.tf1.kinds.__path__)]
    return {name: importlib.import_module(f"yt8m.tf1.kinds.{name}") for name in names}


def recognise(
    shapes: Mapping[str, tuple[int, ...]],
    where: str,
    schema: Schema,
    model: str | None,
    known: Mapping[str, Any],
) -> Recognised:
    """The recipe of variables of these shapes, and the schema with their number of classes.

    where: the beginning of messages. model: the original's name of it, or None to find out.
    known: see `untold`.
    Raises ArtefactError listing the variables that are missing and unexpected, when none fits.
    """
    schema = replace(schema, classes=Shapes(shapes).classes())
    nearest = min(
        _candidates(shapes, where, schema, model),
        key=lambda candidate: len(candidate.missing) + len(candidate.unexpected),
    )
    if nearest.missing or nearest.unexpected:
        fits = "does not fit" if model else "fits none of the known models; the nearest is"
        raise ArtefactError(
            f"{where}: {fits} {nearest.model}; "
            f"missing: {', '.join(nearest.missing) or 'none'}; "
            f"unexpected: {', '.join(nearest.unexpected) or 'none'}; {FEATURES_HINT}"
        )
    entry = as_entry(nearest.recipe)
    removes = known.get("gating_remove_diagonal", False)
    if removes and entry.get("gating") is True and "gating_remove_diagonal" not in entry:
        raise ArtefactError(f"{where}: a gated {entry['kind']} keeps the diagonal of its gate here")
    recipe = read_recipe("yt8m.models", untold.filled(entry, known), where)
    return Recognised(recipe, schema, untold.assumed(entry, known))


@dataclass(frozen=True)
class _Candidate:
    """A recipe, and where its variables differ from those that are there."""

    model: str
    recipe: Any
    missing: list[str]
    unexpected: list[str]


def _candidates(shapes, where: str, schema, model: str | None) -> Iterator[_Candidate]:
    kinds = kind_modules()
    chosen = [kind for kind, module in kinds.items() if model is None or model in module.MODELS]
    if not chosen:
        known = sorted(name for module in kinds.values() for name in module.MODELS)
        raise ArtefactError(f"{where}: is of the model {model!r}; known are {', '.join(known)}")
    found = set(shapes)
    for kind in chosen:
        name = model or kinds[kind].MODELS[0]
        try:
            entry = {**kinds[kind].entry(Shapes(shapes)), "kind": kind}
            recipe = read_recipe("yt8m.models", entry, f"{where}, as {name}")
        except ConfigError:
            if model:
                raise
            continue
        expected = {original.name for original in recipe.originals(schema)}
        yield _Candidate(name, recipe, sorted(expected - found), sorted(found - expected))
