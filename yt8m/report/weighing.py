"""What learning the weights of an ensemble's members was worth."""

from yt8m.report.content import Content, Ensemble
from yt8m.report.spelling import count, listed, score, several, signed

WORDS = {"gap": "GAP", "loss": "loss"}


def learnt_gain(ensemble: Ensemble) -> float | None:
    """GAP of learnt weights on videos they had not seen, less that of the given ones."""
    found = ensemble.weighing
    return found.out_of_fold["gap"] - found.before["gap"] if found else None


def source_of_weights(ensemble: Ensemble) -> str:
    """A word or two on where an ensemble's weights come from."""
    if ensemble.weighing is None:
        return "given"
    return "learnt" if ensemble.weighing.used else "given; learnt ones lost"


def weighing(content: Content) -> list[str]:
    """A sentence or two for each ensemble whose weights were to be learnt."""
    return [_sentence(content, e) for e in content.ensembles.values() if e.weighing]


def _sentence(content: Content, ensemble: Ensemble) -> str:
    found = ensemble.weighing
    measure = found.objective
    before, after = found.before[measure], found.out_of_fold[measure]
    without = [member for member in found.given if member not in ensemble.members]
    how = "weights learnt" if found.used else "the weights that were given, since those learnt"
    parts = [
        f"{ensemble.name} has {how} on {count(found.videos)} videos of {found.split}",
        f", which leave out {listed(without)}" if without else "",
        "" if found.used else " are no better",
        f": in {several(found.folds, 'fold')}, each scored with weights learnt on the others, ",
        f"{WORDS[measure]} is {score(after)}, with the given weights {score(before)} ",
        f"({signed(after - before)}; better in {found.folds_won}).",
    ]
    if found.used and found.split in content.splits:
        inside = signed(found.in_sample[measure] - before)
        parts.append(
            f" Its scores on {found.split} are of the very videos that the weights were chosen by "
            f"({inside} there); the difference between folds is the honest one."
        )
    return "".join(parts)
