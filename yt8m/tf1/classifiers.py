"""The original's variables of classifiers, and how they map to ours."""

from yt8m.classifiers import logistic, moe
from yt8m.errors import ArtefactError
from yt8m.recipes import kind_of
from yt8m.tf1.original import Original, batch_norm, same


def classifier_originals(recipe: logistic.Recipe | moe.Recipe) -> list[Original]:
    """The variables of a classifier. Raises ArtefactError if the original does not have it."""
    match recipe:
        case logistic.Recipe():
            return _logistic()
        case moe.Recipe():
            return _moe(recipe)
    raise ArtefactError(
        f"classifier {kind_of(recipe)}: the original program has no such classifier; "
        "it has logistic and moe"
    )


def _logistic() -> list[Original]:
    return [
        same("tower/fully_connected/weights", "classifier/kernel"),
        same("tower/fully_connected/biases", "classifier/bias"),
    ]


def _moe(recipe: moe.Recipe) -> list[Original]:
    gates = "tower/gates2" if recipe.low_rank else "tower/gates"
    found = [
        same(f"{gates}/weights", "classifier/gates"),
        same("tower/experts/weights", "classifier/experts"),
        same("tower/experts/biases", "classifier/expert_bias"),
    ]
    if recipe.low_rank:
        found.append(same("tower/gates1/weights", "classifier/gates_down"))
    if recipe.gating != "none":
        found.append(same("tower/gating_prob_weights", "classifier/gating/kernel"))
        found += batch_norm("tower/gating_prob_bn", "classifier/gating/normalisation")
    return found
