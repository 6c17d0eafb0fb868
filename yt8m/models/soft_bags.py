"""Common parts of the soft deep bags of frames, gated or not."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from pydantic import Field

AUDIO_SHARE = 8
"""Ratio of the first feature's clusters to those of every other feature."""

Clusters = Annotated[
    int,
    Field(
        ge=2 * AUDIO_SHARE,
        description="clusters of the first feature; the others get an eighth each, rounded down",
    ),
]
Hidden = Annotated[
    int,
    Field(ge=1, description="size of the vector that is classified; only used with `project`"),
]
Project = Annotated[
    bool, Field(description="classify a hidden layer; otherwise the shares themselves")
]
"""Types of the settings that both recipes have."""


def bag_problems(recipe) -> Iterator[tuple[str, str]]:
    """Without a hidden layer there is no relu."""
    if recipe.relu and not recipe.project:
        yield "relu", "is true; that needs a hidden layer, `project: true`"


def classified(bags: Sequence, recipe, classes: int):
    """Predictions [B, classes] from the bags of all features, through a hidden layer if projected.

    bags: symbolic float [B, values] each. recipe: with the settings `clusters`, `hidden`, `relu`,
        `project` and `classifier`.
    """
    from keras import ops

    from yt8m.layers.projection import Projection

    vector = ops.concatenate(bags, axis=-1)
    if recipe.project:
        vector = Projection(recipe.hidden, recipe.relu, recipe.clusters, name="hidden")(vector)
    return recipe.classifier.build(vector, classes)
