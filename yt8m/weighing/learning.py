"""Weights that fit videos, and an honest account of what they are worth on others."""

from dataclasses import dataclass

import numpy as np

from yt8m.config.ensembles import Weighing
from yt8m.errors import RecordError
from yt8m.weighing.candidates import Candidates
from yt8m.weighing.measures import Mixture, gap, loss, loss_slope, mixture
from yt8m.weighing.simplex import climb, least, relative_entropy, rounded


@dataclass(frozen=True)
class Scores:
    """GAP and loss (nats a video) of a mixture."""

    gap: float
    loss: float

    def beats(self, other: "Scores", objective: str) -> bool:
        """Whether it is better, by the objective's word."""
        return self.gap > other.gap if objective == "gap" else self.loss < other.loss


@dataclass(frozen=True)
class Outcome:
    """What learning came to.

    learnt: float64 [M], from all videos, in thousandths. given, in_sample: scores on all videos of
    the given weights and of those. out_of_fold: of each fold with weights learnt on the others,
    pooled. folds_won: in how many folds those beat the given weights.
    """

    learnt: np.ndarray
    given: Scores
    in_sample: Scores
    out_of_fold: Scores
    folds_won: int


def learn(candidates: Candidates, given: np.ndarray, settings: Weighing, top_k: int) -> np.ndarray:
    """The weights that fit these videos best, float64 [M] in thousandths.

    given: float64 [M], all above 0, what the weights are pulled towards. The least loss is found
    first, which is convex; GAP is climbed from there, or from the given weights if they are better.
    """

    def loss_of(weights):
        mixed = mixture(candidates, weights)
        return loss(candidates, mixed), loss_slope(candidates, mixed)

    weights = least(loss_of, given, settings.pull * loss_of(given)[0])
    if settings.objective == "gap":
        scale = settings.pull * gap(candidates, mixture(candidates, given), top_k)

        def worth(weights):
            found = gap(candidates, mixture(candidates, weights), top_k)
            return found - scale * relative_entropy(weights, given)

        weights = climb(worth, max((given, weights), key=worth))
    return rounded(weights)


def cross_validate(
    candidates: Candidates, given: np.ndarray, settings: Weighing, top_k: int
) -> Outcome:
    """Learn from all videos, and from all but one fold to score that fold, for each.

    Raises RecordError when no video has a label or there are fewer videos than folds.
    """
    _check(candidates, settings)
    numbers = np.random.default_rng(settings.seed).permutation(len(candidates))
    fold_of = numbers % settings.folds
    pooled = mixture(candidates, given)
    won = 0
    for fold in range(settings.folds):
        held = fold_of == fold
        weights = learn(candidates[~held], given, settings, top_k)
        here = candidates[held]
        own, theirs = mixture(here, weights), mixture(here, given)
        better = _scores(here, own, top_k).beats(_scores(here, theirs, top_k), settings.objective)
        won += better
        pooled.predictions[held], pooled.left_out[held] = own.predictions, own.left_out
    learnt = learn(candidates, given, settings, top_k)
    return Outcome(
        learnt=learnt,
        given=_scores(candidates, mixture(candidates, given), top_k),
        in_sample=_scores(candidates, mixture(candidates, learnt), top_k),
        out_of_fold=_scores(candidates, pooled, top_k),
        folds_won=won,
    )


def _scores(candidates: Candidates, mixed: Mixture, top_k: int) -> Scores:
    return Scores(gap(candidates, mixed, top_k), loss(candidates, mixed))


def _check(candidates: Candidates, settings: Weighing) -> None:
    if candidates.positives == 0:
        raise RecordError(
            f"none of the {len(candidates)} videos of {settings.split} has a label, so there is "
            "nothing to learn weights from; name a split with labels"
        )
    if len(candidates) < settings.folds:
        raise RecordError(
            f"{len(candidates)} videos of {settings.split} make no {settings.folds} folds; "
            "fewer folds, or a larger split"
        )
