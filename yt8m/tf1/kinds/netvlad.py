"""NetVLAD, gated or not, and its light form."""

from typing import Any

from yt8m.tf1.shapes import Shapes

MODELS = ("NetVLADModelLF",)


def entry(shapes: Shapes) -> dict[str, Any]:
    """Settings of `yt8m.models.netvlad`."""
    return {
        "clusters": shapes.columns("tower/video_VLAD/cluster_weights"),
        "hidden": shapes.columns("tower/hidden1_weights"),
        "relu": "tower/hidden1_bn/gamma" in shapes,
        "light": "tower/video_VLAD/cluster_weights2" not in shapes,
        "gating": "tower/gating_weights_2" in shapes,
        "classifier": shapes.classifier(),
    }
