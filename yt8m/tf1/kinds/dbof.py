"""Deep bag of frames, max or average pooled: no variable tells which."""

from typing import Any

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
