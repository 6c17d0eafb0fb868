"""Gated deep bag of frames, projected or not."""

from typing import Any

from yt8m.data.schema import Schema
from yt8m.models.gated_dbof import Recipe
from yt8m.tf1 import parts
from yt8m.tf1.kinds import soft_dbof
from yt8m.tf1.original import Original, batch_norm, same
from yt8m.tf1.shapes import Shapes

MODELS = ("GatedDbofModelLF",)


def entry(shapes: Shapes) -> dict[str, Any]:
    """Settings of `yt8m.models.gated_dbof`, found as those of the bag without gates."""
    return soft_dbof.entry(shapes)


def originals(recipe: Recipe, schema: Schema) -> list[Original]:
    """The variables of `yt8m.models.gated_dbof`."""
    gated = next(iter(schema.features))
    theirs, ours = parts.branch(gated, "DBOF"), f"{gated}_dbof"
    return [
        *soft_dbof.originals(recipe, schema),
        same(f"{theirs}/dim_red", f"{ours}/gate_down"),
        same(f"{theirs}/cluster_weights_2", f"{ours}/gate_up"),
        *batch_norm(f"{theirs}/cluster_bn_2", f"{ours}/gate_normalisation"),
    ]
