"""Weights fitted to videos, and a cross-validated estimate of their gain on others."""

from dataclasses import dataclass

import numpy as np

from yt8m.config.ensembles import WeightLearning
from yt8m.errors import RecordError
from yt8m.weight_learning.candidates import Candidates
from yt8m.weight_learning.measures import Mixture, gap, loss, loss_slope, mixture
from yt8m.weight_learning.simplex import climb, least, relative_entropy, rounded


@dataclass(frozen=True)
class Metrics:
    """GAP and loss (nats per video) of a mixture."""

    gap: float
    loss: float

    def beats(self, other: "Metrics", objective: str) -> bool:
        """Whether it is better by the objective, "gap" or "loss"."""
        return self.gap > other.gap if objective == "gap" else self.loss < other.loss


@dataclass(frozen=True)
class Outcome:
    """The result of learning weights.

    learned: float64 [M], learned from all videos, rounded to thousandths.
    configured, in_sample: metrics on all videos with the configured and with the learned weights.
    out_of_fold: metrics of all folds pooled, each with weights learned on the others.
    folds_won: number of folds in which those beat the configured weights.
    """

    learned: np.ndarray
    configured: Metrics
    in_sample: Metrics
    out_of_fold: Metrics
    folds_won: int


def fit_weights(
    candidates: Candidates, configured: np.ndarray, settings: WeightLearning, top_k: int
) -> np.ndarray:
    """The weights that fit these videos best, float64 [M], rounded to thousandths.

    configured: the configured weights, float64 [M], all above 0, towards which the result is
    regularised. First the loss is minimised, which is convex; for GAP, a local search then starts
    from there, or from the configured weights if they are better.
    """

    def loss_of(weights):
        mixed = mixture(candidates, weights)
        return loss(candidates, mixed), loss_slope(candidates, mixed)

    weights = least(loss_of, configured, settings.pull * loss_of(configured)[0])
    if settings.objective == "gap":
        scale = settings.pull * gap(candidates, mixture(candidates, configured), top_k)

        def worth(weights):
            found = gap(candidates, mixture(candidates, weights), top_k)
            return found - scale * relative_entropy(weights, configured)

        weights = climb(worth, max((configured, weights), key=worth))
    return rounded(weights)


def cross_validate(
    candidates: Candidates, configured: np.ndarray, settings: WeightLearning, top_k: int
) -> Outcome:
    """Learn weights from all videos, and evaluate them by cross-validation.

    Raises RecordError if no video has a label or there are fewer videos than folds.
    """
    _check(candidates, settings)
    numbers = np.random.default_rng(settings.seed).permutation(len(candidates))
    fold_of = numbers % settings.folds
    pooled = mixture(candidates, configured)
    won = 0
    for fold in range(settings.folds):
        held = fold_of == fold
        weights = fit_weights(candidates[~held], configured, settings, top_k)
        here = candidates[held]
        own, theirs = mixture(here, weights), mixture(here, configured)
        better = _metrics(here, own, top_k).beats(_metrics(here, theirs, top_k), settings.objective)
        won += better
        pooled.predictions[held], pooled.left_out[held] = own.predictions, own.left_out
    learned = fit_weights(candidates, configured, settings, top_k)
    return Outcome(
        learned=learned,
        configured=_metrics(candidates, mixture(candidates, configured), top_k),
        in_sample=_metrics(candidates, mixture(candidates, learned), top_k),
        out_of_fold=_metrics(candidates, pooled, top_k),
        folds_won=won,
    )


def _metrics(candidates: Candidates, mixed: Mixture, top_k: int) -> Metrics:
    return Metrics(gap(candidates, mixed, top_k), loss(candidates, mixed))


def _check(candidates: Candidates, settings: WeightLearning) -> None:
    if candidates.positives == 0:
        raise RecordError(
            f"none of the {len(candidates)} videos of {settings.split} has a label, so there is "
            "nothing to learn weights from; choose a split with labels"
        )
    if len(candidates) < settings.folds:
        raise RecordError(
            f"{len(candidates)} videos of {settings.split} are too few for {settings.folds} folds; "
            "use fewer folds or a larger split"
        )
