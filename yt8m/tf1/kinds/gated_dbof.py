"""Gated deep bag of frames, projected or not."""

from typing import Any

from yt8m.tf1.kinds import soft_dbof
from yt8m.tf1.shapes import Shapes

MODELS = ("GatedDbofModelLF",)


def entry(shapes: Shapes) -> dict[str, Any]:
    """Settings of `yt8m.models.gated_dbof`: those of the bag without gates, told alike."""
    return soft_dbof.entry(shapes)
