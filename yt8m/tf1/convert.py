"""Conversion of the original's variables to arrays of our model; encoded ones stay encoded."""

import numpy as np

from yt8m.compression.plan import Weights
from yt8m.compression.storage import Encoded, decode
from yt8m.data.schema import Schema
from yt8m.errors import ArtefactError
from yt8m.models.assemble import build_model
from yt8m.protocols import ModelRecipe
from yt8m.tf1.known import originals
from yt8m.tf1.original import Original
from yt8m.tf1.recognise import FEATURES_HINT
from yt8m.tf1.variables import Variables

CODES = {"codebook": "codes", "float16": "float16"}
"""By storage: the part with the variable's shape; other parts apply to all its elements."""


def converted(recipe: ModelRecipe, schema: Schema, variables: Variables) -> Weights:
    """Every weight of our model, by `variable.path`, plain or encoded as in the checkpoint.

    The counters of batch-norm updates, which the original does not have, are its training steps.
    Raises ArtefactError for a variable of the wrong shape, before any value is read.
    """
    ours = {w.path: tuple(w.shape) for w in build_model(recipe, schema).weights}
    found = originals(recipe, schema)
    _refuse_wrong_shapes(found, ours, variables)
    weights: Weights = {}
    for original in found:
        weights |= _moved(original, variables.read(original.name))
    steps = np.array(variables.steps, np.float32)
    return weights | {path: steps for path in ours if path.endswith("/updates")}


def _refuse_wrong_shapes(
    found: list[Original], ours: dict[str, tuple], variables: Variables
) -> None:
    for original in found:
        # Without memory: one zero, broadcast to our shape.
        zeros = [np.broadcast_to(np.float32(0), ours[path]) for path in original.paths]
        expected, there = original.theirs(*zeros).shape, variables.shapes[original.name]
        if expected != there:
            raise ArtefactError(
                f"{variables.where}: {original.name} has shape {list(there)}; by the other "
                f"variables it should be {list(expected)}; {FEATURES_HINT}"
            )


def _moved(original: Original, value: np.ndarray | Encoded) -> dict[str, np.ndarray | Encoded]:
    """One variable in our layout. Codes are only rearranged, so the codebook stays valid."""
    if not isinstance(value, Encoded):
        return original.ours(value)
    if original.shift is not None:  # the values change, so they are not in the codebook
        return original.ours(decode(value))
    codes = CODES[value.storage]
    return {
        path: Encoded(value.storage, part.shape, {**value.arrays, codes: part})
        for path, part in original.ours(value.arrays[codes]).items()
    }
