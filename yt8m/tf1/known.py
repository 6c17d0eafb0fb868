"""The kinds of models in the original program, and their variables."""

import importlib
import pkgutil
from types import ModuleType

import yt8m.tf1.kinds
from yt8m.data.schema import Schema
from yt8m.errors import ArtefactError
from yt8m.protocols import ModelRecipe
from yt8m.recipes import kind_of
from yt8m.tf1.original import Original


def kind_modules() -> dict[str, ModuleType]:
    """Every file of `kinds/`, by name."""
    names = [m.name for m in pkgutil.iter_modules(yt8m.tf1.kinds.__path__)]
    return {name: importlib.import_module(f"yt8m.tf1.kinds.{name}") for name in names}


def originals(recipe: ModelRecipe, schema: Schema) -> list[Original]:
    """The original's variables of a model, and how they map to ours.

    recipe: of a model. schema: of its records.
    Raises ArtefactError for a kind, a classifier or a feature that the original does not have.
    """
    kind, known = kind_of(recipe), kind_modules()
    if kind not in known:
        raise ArtefactError(
            f"{kind}: the original program has no such model, so there are no weights of one; "
            f"it has {', '.join(known)}"
        )
    return known[kind].originals(recipe, schema)
