"""Mixture of experts on video-level records."""

from typing import Any

from yt8m.data.schema import Schema
from yt8m.models.moe import Recipe
from yt8m.tf1.classifiers import classifier_originals
from yt8m.tf1.original import Original
from yt8m.tf1.shapes import Shapes

MODELS = ("MoeModel",)


def entry(shapes: Shapes) -> dict[str, Any]:
    """Settings of `yt8m.models.moe`, which are those of the classifier."""
    return {**shapes.classifier(), "kind": "moe"}


def originals(recipe: Recipe, schema: Schema) -> list[Original]:
    """The variables of `yt8m.models.moe`."""
    return classifier_originals(recipe.classifier)
