"""What recipes with a (gated) hidden layer before the classifier have in common."""

from yt8m.errors import ConfigError


def check_hidden(hidden: int, where: str) -> None:
    """Raises ConfigError for a hidden layer without values."""
    if hidden < 1:
        raise ConfigError(f"{where}.hidden: is {hidden}; a layer needs 1 or more.")


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


def check_gating(gating: bool, remove_diagonal: bool, where: str) -> None:
    """Raises ConfigError where a diagonal of gates that do not exist is to be removed."""
    if remove_diagonal and not gating:
        raise ConfigError(
            f"{where}.gating_remove_diagonal: is true, but `gating` is false: there is none."
        )
