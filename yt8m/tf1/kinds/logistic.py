"""Logistic regression, on the mean of the frames or on a video-level record."""

from typing import Any

from yt8m.tf1.shapes import Shapes

MODELS = ("FrameLevelLogisticModel", "LogisticModel")


def entry(shapes: Shapes) -> dict[str, Any]:
    """Settings of `yt8m.models.logistic`: no variable tells any."""
    return {}
