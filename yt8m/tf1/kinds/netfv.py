"""NetFV, its centres coupled to the assignment or not."""

from typing import Any

from yt8m.tf1.shapes import Shapes

MODELS = ("NetFVModelLF",)


def entry(shapes: Shapes) -> dict[str, Any]:
    """Settings of `yt8m.models.netfv`."""
    return {
        "clusters": shapes.columns("tower/video_FV/cluster_weights"),
        "hidden": shapes.columns("tower/hidden1_weights"),
        "relu": "tower/hidden1_bn/gamma" in shapes,
        "coupled": "tower/video_FV/cluster_weights2" not in shapes,
        "gating": "tower/gating_weights_2" in shapes,
        "classifier": shapes.classifier(),
    }
