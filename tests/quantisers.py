"""Every quantiser with every number of bits and every grouping, for tests."""

from dataclasses import fields

from yt8m.recipes import kinds, recipe_class

PACKAGE = "yt8m.compression.quantisers"
GROUPINGS = [("variable", 1), ("rows", 1), ("rows", 3), ("columns", 1), ("columns", 4)]
BITS = range(2, 9)


def with_bits() -> list[str]:
    """Kinds of quantisers that have codebooks."""
    return [k for k in kinds(PACKAGE) if "bits" in {f.name for f in fields(_recipe(k))}]


def recipe(kind: str, **settings):
    """A quantiser."""
    return _recipe(kind)(**settings)


def variants() -> dict[str, object]:
    """Name -> quantiser, for all variants of each."""
    found = {kind: recipe(kind) for kind in kinds(PACKAGE) if kind not in with_bits()}
    for kind in with_bits():
        for bits in BITS:
            for codebooks, group in GROUPINGS:
                settings = {"bits": bits, "codebooks": codebooks, "group": group}
                found[f"{kind}-{bits}-{codebooks}-{group}"] = recipe(kind, **settings)
    return found


def _recipe(kind: str) -> type:
    return recipe_class(PACKAGE, kind, "test")
