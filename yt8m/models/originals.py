"""Weights of the original program into our models, and ours back into its form."""

from collections.abc import Mapping

import numpy as np

from yt8m.data.schema import Schema
from yt8m.errors import ArtefactError
from yt8m.layers.originals import Original

FEATURES = {"rgb": "video", "audio": "audio"}
"""Our names of the features and what the original calls their branches."""


def branch(feature: str, suffix: str) -> str:
    """The original's scope of one feature's branch, such as "tower/video_VLAD".

    Raises ArtefactError for a feature that the original does not know.
    """
    if feature not in FEATURES:
        known = ", ".join(FEATURES)
        raise ArtefactError(f"feature {feature!r}: the original has branches for {known} only.")
    return f"tower/{FEATURES[feature]}_{suffix}"


def our_arrays(recipe, schema: Schema, arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The original's arrays as ours, by `variable.path`.

    recipe: of a model.
    arrays: every variable of the original model by name, and none besides.

    Raises ArtefactError listing the variables that are missing and those that are not expected,
    or for an array that cannot be laid out as ours.
    """
    originals: list[Original] = recipe.originals(schema)
    _refuse_difference({o.name for o in originals}, set(arrays), "variables of the original")
    found = {}
    for original in originals:
        array = arrays[original.name]
        try:
            found.update(original.ours(array))
        except (IndexError, ValueError) as error:
            shape = list(np.shape(array))
            raise ArtefactError(f"{original.name}: has shape {shape}; it does not fit.") from error
    return found


def original_arrays(
    recipe, schema: Schema, values: Mapping[str, np.ndarray], gradients: bool = False
) -> dict[str, np.ndarray]:
    """Our arrays as the original's, by its names of the variables.

    values: by `variable.path`. A variable of the original that these do not make up is left out.
    gradients: the values are differences (gradients, steps), not weights.
    """
    return {
        o.name: o.theirs(*(values[p] for p in o.paths), shifted=not gradients)
        for o in recipe.originals(schema)
        if all(p in values for p in o.paths)
    }


def _refuse_difference(expected: set[str], found: set[str], what: str) -> None:
    missing, unexpected = sorted(expected - found), sorted(found - expected)
    if missing or unexpected:
        raise ArtefactError(
            f"{what}: missing: {', '.join(missing) or 'none'}; "
            f"unexpected: {', '.join(unexpected) or 'none'}."
        )
