"""Deep bag of frames with max or average pooling, which does not follow from variables."""

from typing import Any

from yt8m.data.schema import Schema
from yt8m.models.dbof import Recipe
from yt8m.tf1 import parts
from yt8m.tf1.classifiers import classifier_originals
from yt8m.tf1.original import Original, batch_norm, same
from yt8m.tf1.shapes import Shapes

MODELS = ("DbofModel",)


def entry(shapes: Shapes) -> dict[str, Any]:
    """Settings of `yt8m.models.dbof`."""
    return {
        "clusters": shapes.columns("tower/cluster_weights"),
        "hidden": shapes.columns("tower/hidden1_weights"),
        "relu": "tower/hidden1_bn/gamma" in shapes,
        "classifier": shapes.classifier(),
    }


def originals(recipe: Recipe, schema: Schema) -> list[Original]:
    """The variables of `yt8m.models.dbof`."""
    return [
        *batch_norm("tower/input_bn", "input_normalisation"),
        same("tower/cluster_weights", "dbof/kernel"),
        *batch_norm("tower/cluster_bn", "dbof/normalisation"),
        *parts.hidden(recipe.relu),
        *classifier_originals(recipe.classifier),
    ]
