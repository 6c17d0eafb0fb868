"""What learning the weights of an ensemble's members was worth."""

from yt8m.report.content import Content, Ensemble
from yt8m.report.noise import Difference
from yt8m.report.number_format import count, listed, metric, several, signed

WORDS = {"gap": "GAP", "loss": "loss"}


def learning_gain(ensemble: Ensemble) -> Difference | None:
    """GAP of learned weights on held-out videos, minus that of the configured ones.

    Without an interval: no graph predicts with the weights of other folds.
    """
    found = ensemble.weight_learning
    return Difference(found.out_of_fold["gap"] - found.before["gap"]) if found else None


def source_of_weights(ensemble: Ensemble) -> str:
    """Where an ensemble's weights come from, in a few words."""
    if ensemble.weight_learning is None:
        return "as configured"
    used = ensemble.weight_learning.used
    return "learned" if used else "as configured (learned weights scored lower)"


def weight_learning(content: Content) -> list[str]:
    """A sentence or two for each ensemble whose weights were to be learned."""
    return [_sentence(content, e) for e in content.ensembles.values() if e.weight_learning]


def _sentence(content: Content, ensemble: Ensemble) -> str:
    found = ensemble.weight_learning
    measure = found.objective
    before, after = found.before[measure], found.out_of_fold[measure]
    without = [member for member in found.configured if member not in ensemble.members]
    how = "weights learned" if found.used else "its configured weights, because those learned"
    parts = [
        f"{ensemble.name} uses {how} on {count(found.videos)} videos of {found.split}",
        f", which drop {listed(without)}" if without else "",
        "" if found.used else " are no better",
        f": in {several(found.folds, 'fold')}, each evaluated with weights learned on the others, ",
        f"{WORDS[measure]} is {metric(after)}, with the configured weights {metric(before)} ",
        f"({signed(after - before)}; better in {found.folds_won}).",
    ]
    if found.used and found.split in content.splits:
        inside = signed(found.in_sample[measure] - before)
        parts.append(
            f" Its metrics on {found.split} are optimistic ({inside}), because the weights were "
            "learned on the same videos; the difference between folds is unbiased."
        )
    return "".join(parts)
