"""GAP and loss of a mixture, defined as in an evaluation."""

from dataclasses import dataclass

import numpy as np

from yt8m.metrics.cross_entropy import EPSILON
from yt8m.metrics.entries import Entries
from yt8m.metrics.ranking import top_k as best_of
from yt8m.weight_learning.candidates import Candidates


@dataclass(frozen=True)
class Mixture:
    """Weighted means of the members' predictions; weights may differ between videos.

    predictions: probabilities, float32 [N, U]. left_out: float64 [N], sum of the probabilities of
    all classes that are not candidates.
    """

    predictions: np.ndarray
    left_out: np.ndarray


def mixture(candidates: Candidates, weights: np.ndarray) -> Mixture:
    """The mixture with the same weights for all videos. weights: float64 [M]."""
    return Mixture(candidates.mixed(weights), candidates.left_out @ weights)


def gap(candidates: Candidates, mixed: Mixture, top_k: int) -> float:
    """Global average precision over each video's `top_k` best classes; 0 if no video has labels.

    Entries and ties are those of `yt8m.metrics`.
    """
    classes, probabilities = best_of(mixed.predictions, top_k)
    hits = np.take_along_axis(candidates.labels, classes, axis=1)
    entries = Entries()
    entries.append(classes, probabilities, hits)
    return entries.precision_sum() / max(candidates.positives, 1)


def loss(candidates: Candidates, mixed: Mixture) -> float:
    """Cross-entropy summed over classes, mean over videos."""
    of_truth = truth(candidates, mixed)
    near = -np.log(of_truth, where=candidates.present, out=np.zeros_like(of_truth))
    far = mixed.left_out - EPSILON * candidates.others
    return float((near.sum(dtype=np.float64) + far.sum()) / len(candidates))


def loss_slope(candidates: Candidates, mixed: Mixture) -> np.ndarray:
    """Gradient of the loss by the weights: float64 [M]."""
    signs = np.where(candidates.labels, np.float32(-1), np.float32(1)) * candidates.present
    each = (signs / truth(candidates, mixed)).ravel()  # [N * U]
    members = candidates.predictions.shape[2]
    near = each @ candidates.predictions.reshape(-1, members)
    return (near.astype(np.float64) + candidates.left_out.sum(axis=0)) / len(candidates)


def truth(candidates: Candidates, mixed: Mixture) -> np.ndarray:
    """Probability assigned to the true value of each label, plus epsilon: float32 [N, U]."""
    found = np.where(candidates.labels, mixed.predictions, 1 - mixed.predictions)
    return found + np.float32(EPSILON)
