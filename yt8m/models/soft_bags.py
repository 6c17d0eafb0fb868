"""What the soft deep bags of frames, gated or not, have in common."""

from collections.abc import Sequence

from yt8m.errors import ConfigError
from yt8m.models.hidden import check_hidden

AUDIO_SHARE = 8
"""Features after the first get one cluster for this many of the first one's."""


def check_bag(recipe, where: str) -> None:
    """Raises ConfigError naming the setting that is out of range.

    recipe: with the settings `clusters`, `hidden`, `relu`, `project` and `classifier`.
    """
    if recipe.clusters < 2 * AUDIO_SHARE:
        raise ConfigError(
            f"{where}.clusters: is {recipe.clusters}; a soft deep bag of frames needs "
            f"{2 * AUDIO_SHARE} or more, of which the audio gets an eighth."
        )
    check_hidden(recipe.hidden, where)
    if recipe.relu and not recipe.project:
        raise ConfigError(
            f"{where}.relu: is true, but `project` is false: there is no hidden layer."
        )
    recipe.classifier.check(f"{where}.classifier")


def classified(bags: Sequence, recipe, classes: int):
    """Predictions [B, classes] for the bags of all features, through a hidden layer if projected.

    bags: symbolic float [B, values] each. recipe: as in `check_bag`.
    """
    from keras import ops

    from yt8m.layers.projection import Projection

    vector = ops.concatenate(bags, axis=-1)
    if recipe.project:
        vector = Projection(recipe.hidden, recipe.relu, recipe.clusters, name="hidden")(vector)
    return recipe.classifier.build(vector, classes)
