"""The original's variables and scopes of parts that several models share."""

from collections.abc import Iterable
from dataclasses import replace

from yt8m.errors import ArtefactError
from yt8m.tf1.original import Original, batch_norm, same

FEATURES = {"rgb": "video", "audio": "audio"}
"""Our names of features, and the original's names of their branches."""


def branch(feature: str, suffix: str) -> str:
    """The original's scope of one feature's branch, such as "tower/video_VLAD".

    Raises ArtefactError for a feature that the original does not have.
    """
    if feature not in FEATURES:
        known = ", ".join(FEATURES)
        raise ArtefactError(f"feature {feature!r}: the original has branches for {known} only.")
    return f"tower/{FEATURES[feature]}_{suffix}"


def fully_connected(number: int) -> str:
    """The original's scope of the layer that was created after `number` others of its kind."""
    return f"tower/fully_connected_{number}" if number else "tower/fully_connected"


def after_fully_connected(number: int, originals: Iterable[Original]) -> list[Original]:
    """A classifier's variables with their names after `number` such layers."""
    first, here = f"{fully_connected(0)}/", f"{fully_connected(number)}/"
    return [replace(o, name=o.name.replace(first, here)) for o in originals]


def hidden(relu: bool) -> list[Original]:
    """The variables of the layer `hidden`."""
    kernel = same("tower/hidden1_weights", "hidden/kernel")
    if relu:
        return [kernel, *batch_norm("tower/hidden1_bn", "hidden/normalisation")]
    return [kernel, same("tower/hidden1_biases", "hidden/bias")]


def hidden_gating() -> list[Original]:
    """The variables of the layer `hidden_gating`."""
    kernel = same("tower/gating_weights_2", "hidden_gating/kernel")
    return [kernel, *batch_norm("tower/gating_bn", "hidden_gating/normalisation")]
