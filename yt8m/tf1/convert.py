"""The original's variables as the arrays of our model, codes as codes."""

import numpy as np

from yt8m.compression.plan import Weights
from yt8m.compression.storage import Encoded, decode
from yt8m.data.schema import Schema
from yt8m.errors import ArtefactError
from yt8m.layers.originals import Original
from yt8m.models.assemble import build_model
from yt8m.tf1.recognise import FEATURES_HINT
from yt8m.tf1.variables import Variables

CODES = {"codebook": "codes", "float16": "float16"}
"""By storage: the part that has the variable's shape; a further part holds for all its elements."""


def converted(recipe, schema: Schema, variables: Variables) -> Weights:
    """Every weight of our model, by `variable.path`, plain or encoded as it was.

    The counters of batch-norm updates, which the original does not have, are its training steps.
    Raises ArtefactError for a variable whose shape does not fit, before any value is read.
    """
    ours = {w.path: tuple(w.shape) for w in build_model(recipe, schema).weights}
    originals: list[Original] = recipe.originals(schema)
    _refuse_wrong_shapes(originals, ours, variables)
    weights: Weights = {}
    for original in originals:
        weights |= _moved(original, variables.read(original.name))
    steps = np.array(variables.steps, np.float32)
    return weights | {path: steps for path in ours if path.endswith("/updates")}


def _refuse_wrong_shapes(originals, ours: dict[str, tuple], variables: Variables) -> None:
    for original in originals:
        # Without memory: one zero, seen as an array of our shape.
        zeros = [np.broadcast_to(np.float32(0), ours[path]) for path in original.paths]
        expected, found = original.theirs(*zeros).shape, variables.shapes[original.name]
        if expected != found:
            raise ArtefactError(
                f"{variables.where}: {original.name} has shape {list(found)}; with what the other "
                f"variables tell it would be {list(expected)}; {FEATURES_HINT}"
            )


def _moved(original: Original, value: np.ndarray | Encoded) -> dict[str, np.ndarray | Encoded]:
    """One variable as ours. Codes change places only, so each part keeps the codebook."""
    if not isinstance(value, Encoded):
        return original.ours(value)
    if original.shift is not None:  # the values change, and the codebook does not hold them
        return original.ours(decode(value))
    codes = CODES[value.storage]
    return {
        path: Encoded(value.storage, part.shape, {**value.arrays, codes: part})
        for path, part in original.ours(value.arrays[codes]).items()
    }
