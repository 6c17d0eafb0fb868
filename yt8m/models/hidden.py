"""What recipes with a (gated) hidden layer before the classifier have in common."""

from yt8m.errors import ConfigError
from yt8m.layers.originals import Original, batch_norm, same


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


def hidden_originals(relu: bool) -> list[Original]:
    """The original's variables of the layer `hidden`, and where their values go."""
    kernel = same("tower/hidden1_weights", "hidden/kernel")
    if relu:
        return [kernel, *batch_norm("tower/hidden1_bn", "hidden/normalisation")]
    return [kernel, same("tower/hidden1_biases", "hidden/bias")]


def check_gating(gating: bool, remove_diagonal: bool, where: str) -> None:
    """Raises ConfigError where a diagonal of gates that do not exist is to be removed."""
    if remove_diagonal and not gating:
        raise ConfigError(
            f"{where}.gating_remove_diagonal: is true, but `gating` is false: there is none."
        )


def gating_originals() -> list[Original]:
    """The original's variables of the layer `hidden_gating`, and where their values go."""
    kernel = same("tower/gating_weights_2", "hidden_gating/kernel")
    return [kernel, *batch_norm("tower/gating_bn", "hidden_gating/normalisation")]
