"""Attention over frames. The original counts padding as frames, and so must its weights."""

from typing import Any

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
