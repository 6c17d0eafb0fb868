"""A pair of GRUs a feature."""

from typing import Any

from yt8m.tf1.shapes import Shapes

MODELS = ("GRUbidirect_branchedBN",)


def entry(shapes: Shapes) -> dict[str, Any]:
    """Settings of `yt8m.models.branched_gru`, whose sizes are those of the features."""
    return {"classifier": shapes.classifier()}
