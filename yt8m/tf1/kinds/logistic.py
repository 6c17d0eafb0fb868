"""Logistic regression, on the mean of the frames or on a video-level record."""

from typing import Any

from yt8m.data.schema import Schema
from yt8m.models.logistic import Recipe
from yt8m.tf1.classifiers import classifier_originals
from yt8m.tf1.original import Original
from yt8m.tf1.shapes import Shapes

MODELS = ("FrameLevelLogisticModel", "LogisticModel")


def entry(shapes: Shapes) -> dict[str, Any]:
    """Settings of `yt8m.models.logistic`: none follows from variables."""
    return {}


def originals(recipe: Recipe, schema: Schema) -> list[Original]:
    """The variables of `yt8m.models.logistic`."""
    return classifier_originals(recipe.classifier)
