"""Recognition of a recipe by the names and shapes of its variables."""

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
"""Most variables to name in a message."""


@dataclass(frozen=True)
class Recognised:
    """The model that a checkpoint's variables belong to.

    assumed: a line for each setting that is assumed.
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
    """The recipe for variables of these shapes, and the schema with their number of classes.

    where: prefix of messages. model: the original's name of it, or None to find it.
    known: see `unset_flags`; also "gated_by", see `Shapes`.
    Raises ArtefactError naming missing and unexpected variables if no recipe fits, and for
    unsupported gates; ConfigError for an unsupported size or setting.
    """
    known_shapes = Shapes(shapes, known.get("gated_by"))
    schema = replace(schema, classes=known_shapes.classes())
    nearest = min(
        _candidates(known_shapes, set(shapes), where, schema, model),
        key=lambda candidate: len(candidate.missing) + len(candidate.unexpected),
    )
    if nearest.missing or nearest.unexpected:
        fits = "does not fit" if model else "fits no known model; the nearest is"
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
    """Raises ArtefactError for unsupported or ambiguous gates of the probabilities."""
    if shapes.is_gate_open():
        raise ArtefactError(
            f"{where}: {GATE} has a shape that both values of moe_prob_gating_input give; the "
            "graph has the value: copy its .meta file there too"
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
    """A limited number of names for a message."""
    more = [f"{len(names) - LISTED} more"] if len(names) > LISTED else []
    return ", ".join(names[:LISTED] + more) or "none"


@dataclass(frozen=True)
class _Candidate:
    """A recipe, possibly out of range, and how its variables differ from the checkpoint's."""

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
        raise ArtefactError(
            f"{where}: is of the unknown model {model!r}; known: {', '.join(known)}"
        )
    for kind in chosen:
        recipe = _unchecked("yt8m.models", {**kinds[kind].entry(shapes), "kind": kind})
        expected = {original.name for original in kinds[kind].originals(recipe, schema)}
        missing, unexpected = sorted(expected - found), sorted(found - expected)
        yield _Candidate(model or kinds[kind].MODELS[0], recipe, missing, unexpected)


def _unchecked(package: str, entry: Mapping[str, Any]) -> Any:
    """The recipe of an entry, even with values out of range, which are checked once it fits."""
    words = {word: value for word, value in entry.items() if word != "kind"}
    if "classifier" in words:
        words["classifier"] = _unchecked("yt8m.classifiers", words["classifier"])
    return unchecked(recipe_class(package, entry["kind"], entry["kind"]), **words)
