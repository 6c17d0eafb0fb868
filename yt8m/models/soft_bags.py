"""What the soft deep bags of frames, gated or not, have in common."""

from collections.abc import Iterator, Sequence

AUDIO_SHARE = 8
"""Features after the first get one cluster for this many of the first one's."""


def bag_problems(recipe) -> Iterator[tuple[str, str]]:
    """A hidden layer that does not exist has no relu."""
    if recipe.relu and not recipe.project:
        yield "relu", "is true, but `project` is false: there is no hidden layer"


def classified(bags: Sequence, recipe, classes: int):
    """Predictions [B, classes] for the bags of all features, through a hidden layer if projected.

    bags: symbolic float [B, values] each. recipe: with the settings `clusters`,
    `hidden`, `relu`, `project` and `classifier`.
    """
    from keras import ops

    from yt8m.layers.projection import Projection

    vector = ops.concatenate(bags, axis=-1)
    if recipe.project:
        vector = Projection(recipe.hidden, recipe.relu, recipe.clusters, name="hidden")(vector)
    return recipe.classifier.build(vector, classes)
