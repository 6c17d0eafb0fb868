"""Attention over frames. The original counts padding as frames, and so must its weights."""

from typing import Any

from yt8m.data.schema import Schema
from yt8m.models.attention import Recipe
from yt8m.tf1 import parts
from yt8m.tf1.classifiers import classifier_originals
from yt8m.tf1.original import Original, batch_norm, same
from yt8m.tf1.shapes import Shapes

MODELS = ("attention_frames_v0",)


def entry(shapes: Shapes) -> dict[str, Any]:
    """Settings of `yt8m.models.attention`."""
    first = "tower/fully_connected/weights"
    return {
        "expansion": max(shapes.columns(first) // shapes.rows(first), 1),
        "mask_padding": False,
        "classifier": shapes.classifier(),
    }


def originals(recipe: Recipe, schema: Schema) -> list[Original]:
    """The variables of `yt8m.models.attention`."""
    found, count = [], len(schema.features)
    for i, name in enumerate(schema.features):
        ours = f"{name}_attention"
        found += batch_norm(parts.branch(name, "input_bn"), f"{name}_input_normalisation")
        found.append(same(f"{parts.fully_connected(i)}/weights", f"{ours}/projection/kernel"))
        found += batch_norm(parts.branch(name, "cluster_bn"), f"{ours}/projection/normalisation")
        found.append(same(f"{parts.fully_connected(count + i)}/weights", f"{ours}/attention"))
    return found + parts.after_fully_connected(2 * count, classifier_originals(recipe.classifier))
