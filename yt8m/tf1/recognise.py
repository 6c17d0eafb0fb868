"""From the names and shapes of variables to the recipe that they are of."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from yt8m.data.schema import Schema
from yt8m.errors import ArtefactError
from yt8m.protocols import ModelRecipe
from yt8m.recipes import as_entry, read_recipe, recipe_class
from yt8m.strict import unchecked
from yt8m.tf1 import unset_flags
from yt8m.tf1.known import kind_modules
from yt8m.tf1.shapes import GATE, Shapes

FEATURES_HINT = "the features can be given with --feature"
LISTED = 12
"""Variables that a message names of those that do not fit."""


@dataclass(frozen=True)
class Recognised:
    """A model of ours that a checkpoint's variables are of.

    assumed: a line for each setting that nothing tells.
    """

    recipe: ModelRecipe
    schema: Schema
    assumed: list[str]


def recognise(
    shapes: Mapping[str, tuple[int, ...]],
    where: str,
    schema: Schema,
    model: str | None,
    known: Mapping[str, Any],
) -> Recognised:
    """The recipe of variables of these shapes, and the schema with their number of classes.

    where: the beginning of messages. model: the original's name of it, or None to find out.
    known: see `unset_flags`; besides "gated_by", see `Shapes`.
    Raises ArtefactError naming the variables that are missing and unexpected, when none fits, and
    for gates that ours are not; ConfigError for a size or a setting that ours cannot have.
    """
    known_shapes = Shapes(shapes, known.get("gated_by"))
    schema = replace(schema, classes=known_shapes.classes())
    nearest = min(
        _candidates(known_shapes, set(shapes), where, schema, model),
        key=lambda candidate: len(candidate.missing) + len(candidate.unexpected),
    )
    if nearest.missing or nearest.unexpected:
        fits = "does not fit" if model else "fits none of the known models; the nearest is"
        raise ArtefactError(
            f"{where}: {fits} {nearest.model}; "
            f"missing: {_listed(nearest.missing)}; "
            f"unexpected: {_listed(nearest.unexpected)}; {FEATURES_HINT}"
        )
    entry = as_entry(nearest.recipe)
    _refuse_other_gates(entry, known_shapes, known, where)
    about = f"{where}, as {nearest.model}"
    recipe = read_recipe("yt8m.models", unset_flags.filled(entry, known), about)
    return Recognised(recipe, schema, unset_flags.assumed(entry, known))


def _refuse_other_gates(entry, shapes: Shapes, known: Mapping[str, Any], where: str) -> None:
    """Raises ArtefactError for gates of the probabilities that ours are not, or may not be."""
    if shapes.is_gate_open():
        raise ArtefactError(
            f"{where}: {GATE} has a shape that either value of moe_prob_gating_input leads to; "
            "the graph tells which it was: copy its .meta file there too"
        )
    by_activations = "activations" in (
        entry.get("gating"),
        entry.get("classifier", {}).get("gating"),
    )
    if by_activations and known.get("gating_remove_diagonal"):
        raise ArtefactError(
            f"{where}: has gating_remove_diag on a gate whose moe_prob_gating_input is activation, "
            "which takes a diagonal from a matrix that is not square; there is no such gate here"
        )


def _listed(names: list[str]) -> str:
    """Names as part of a line that can still be read."""
    more = [f"{len(names) - LISTED} more"] if len(names) > LISTED else []
    return ", ".join(names[:LISTED] + more) or "none"


@dataclass(frozen=True)
class _Candidate:
    """A recipe, in range or not, and where its variables differ from those that are there."""

    model: str
    recipe: ModelRecipe
    missing: list[str]
    unexpected: list[str]


def _candidates(
    shapes: Shapes, found: set[str], where: str, schema: Schema, model: str | None
) -> Iterator[_Candidate]:
    kinds = kind_modules()
    chosen = [kind for kind, module in kinds.items() if model is None or model in module.MODELS]
    if not chosen:
        known = sorted(name for module in kinds.values() for name in module.MODELS)
        raise ArtefactError(f"{where}: is of the model {model!r}; known are {', '.join(known)}")
    for kind in chosen:
        recipe = _unchecked("yt8m.models", {**kinds[kind].entry(shapes), "kind": kind})
        expected = {original.name for original in kinds[kind].originals(recipe, schema)}
        missing, unexpected = sorted(expected - found), sorted(found - expected)
        yield _Candidate(model or kinds[kind].MODELS[0], recipe, missing, unexpected)


def _unchecked(package: str, entry: Mapping[str, Any]) -> Any:
    """The recipe of an entry, even where a value is out of range: its check comes when it fits."""
    words = {word: value for word, value in entry.items() if word != "kind"}
    if "classifier" in words:
        words["classifier"] = _unchecked("yt8m.classifiers", words["classifier"])
    return unchecked(recipe_class(package, entry["kind"], entry["kind"]), **words)
