"""Common parts of recipes with a (gated) hidden layer before the classifier."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

Hidden = Annotated[int, Field(ge=1, description="size of the vector that is classified")]
Relu = Annotated[
    bool,
    Field(description="batch normalisation and relu6 on the hidden layer, instead of a bias"),
]
Gating = Annotated[bool, Field(description="context gating of the hidden layer")]
RemoveDiagonal = Annotated[bool, Field(description="exclude each hidden value from its own gate")]
"""Types of the settings that these recipes share."""


def hidden_vector(vector, recipe):
    """The vector that is classified: `vector` through the layers `hidden` and `hidden_gating`.

    vector: symbolic float [B, F]. recipe: with the settings `hidden`, `relu`, `clusters`, `gating`
        and `gating_remove_diagonal`. Returns symbolic float [B, hidden].
    """
    from yt8m.layers.gating import ContextGating
    from yt8m.layers.projection import Projection

    hidden = Projection(recipe.hidden, recipe.relu, recipe.clusters, name="hidden")(vector)
    if not recipe.gating:
        return hidden
    remove = recipe.gating_remove_diagonal
    return ContextGating(remove_diagonal=remove, name="hidden_gating")(hidden)


def gating_problems(recipe) -> Iterator[tuple[str, str]]:
    """Without gates there is no diagonal to remove."""
    if recipe.gating_remove_diagonal and not recipe.gating:
        yield "gating_remove_diagonal", "is true; that needs `gating: true`"
