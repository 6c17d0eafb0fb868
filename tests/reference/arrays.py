"""All arrays of a model, converted from the original's form to ours and back."""

import numpy as np

from yt8m.tf1.known import originals


def our_arrays(recipe, schema, arrays):
    """Convert the original's arrays, by variable name, to ours, by `variable.path`."""
    found = originals(recipe, schema)
    assert {o.name for o in found} == set(arrays)
    return {path: ours for o in found for path, ours in o.ours(arrays[o.name]).items()}


def original_arrays(recipe, schema, values, gradients=False) -> dict[str, np.ndarray]:
    """Convert our arrays, by `variable.path`, to the original's, by its names.

    A variable of the original that `values` does not determine is left out.
    gradients: the values are differences (gradients, steps), not weights.
    """
    return {
        o.name: o.theirs(*(values[p] for p in o.paths), shifted=not gradients)
        for o in originals(recipe, schema)
        if all(p in values for p in o.paths)
    }
