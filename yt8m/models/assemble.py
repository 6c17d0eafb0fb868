"""From a recipe to a Keras model."""

from collections.abc import Mapping
from contextlib import contextmanager
from typing import Any

from yt8m.data.schema import Schema
from yt8m.models.branches import ScaledParts
from yt8m.protocols import ModelRecipe

PRECISIONS = {"float32": "float32", "bfloat16": "mixed_bfloat16"}
"""Keras's dtype policies by our `precision`."""


def build_model(recipe: ModelRecipe, schema: Schema, precision: str = "float32"):
    """The model that a recipe of `yt8m.models` describes, with fresh weights.

    precision: of matrix products and activations, a key of `PRECISIONS`. Weights, norms, batch
        norm, the memory of recurrent layers, and probabilities are always float32.

    Returns a `keras.Model` to be called with a pair: frames, uint8 or float32 [B, T, F], and
    num_frames, int [B]; it predicts float32 [B, C]. The weights follow Keras's random seed; each
    `variable.path` is the same whenever the recipe and the schema are.
    """
    with _policy(PRECISIONS[precision]):
        return _assemble(recipe, schema)


@contextmanager
def _policy(name: str):
    """Layers that are created in the block use this precision."""
    import keras

    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def _assemble(recipe: ModelRecipe, schema: Schema):
    import keras

    from yt8m.layers.frames import at_unit_length
    from yt8m.layers.video_model import VideoModel

    parts = [
        keras.Input((None, size), dtype="float32", name=f"frames_{number}")
        for number, size in enumerate(schema.features.values())
    ]
    scale = keras.Input((None, 1), dtype="float32", name="scale")
    mask = keras.Input((None,), dtype="bool", name="mask")
    in_parts = getattr(recipe, "reads_parts", False)
    frames = ScaledParts(parts, scale) if in_parts else at_unit_length(parts, scale)
    predictions = recipe.build(frames, mask, schema)
    body = keras.Model([parts, scale, mask], predictions, name="body")
    return VideoModel(body, schema, name="model")


def misfits(model, values: Mapping[str, Any]) -> list[str]:
    """Sorted paths of variables that are missing, unexpected, or of another shape or type.

    model: a `keras.Model`. values: arrays, or encoded float32 variables, by `variable.path`.
    """
    expected = {v.path: (tuple(v.shape), str(v.dtype)) for v in model.variables}
    found = {
        path: (tuple(value.shape), str(getattr(value, "dtype", "float32")))
        for path, value in values.items()
    }
    return sorted(n for n in expected.keys() | found.keys() if expected.get(n) != found.get(n))
