"""Gated deep bag of frames."""

from typing import Any

from yt8m.tf1.shapes import Shapes

MODELS = ("GatedDbofModelLF",)


def entry(shapes: Shapes) -> dict[str, Any]:
    """Settings of `yt8m.models.gated_dbof`."""
    return {
        "clusters": shapes.columns("tower/video_DBOF/cluster_weights"),
        "hidden": shapes.columns("tower/hidden1_weights"),
        "relu": "tower/hidden1_bn/gamma" in shapes,
        "classifier": shapes.classifier(),
    }
