"""Mixture of experts on video-level records."""

from typing import Any

from yt8m.tf1.shapes import Shapes

MODELS = ("MoeModel",)


def entry(shapes: Shapes) -> dict[str, Any]:
    """Settings of `yt8m.models.moe`, which are those of the classifier."""
    return {**shapes.classifier(), "kind": "moe"}
