"""The predictions of several members, reduced to the classes that can matter."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from yt8m.metrics.ranking import top_k

ABSENT = np.float32(-1)
"""Padding for videos with fewer candidates than others: below every real probability."""


@dataclass(frozen=True)
class Candidates:
    """N videos with U candidate classes each: the best ones of M members, and all labels.

    predictions: float32 [N, U, M], probabilities; rows are padded with `ABSENT`.
    labels: bool [N, U]. Every label of a video is among its candidates.
    left_out: float64 [N, M], sum of a member's probabilities for all other classes.
    others: int64 [N], the number of other classes.

    Why that is enough. A video's candidates are the k best classes of each member, and its labels.
    Whatever the weights, the probability of any other class is at most the weighted mean of the
    members' k-th best (Fagin, Lotem & Naor, "Optimal aggregation algorithms for middleware", 2003,
    section 4). With k twice the length of the list that GAP sees, such a class can enter that list
    only if the members disagree on nearly all of it, and then only at its end. In the loss, other
    classes cost -log(1 - x + epsilon), which is x - epsilon to first order in x.
    """

    predictions: np.ndarray
    labels: np.ndarray
    left_out: np.ndarray
    others: np.ndarray

    def __len__(self) -> int:
        """The number of videos."""
        return len(self.labels)

    def __getitem__(self, rows: np.ndarray) -> "Candidates":
        """A subset of the videos. rows: bool [N]."""
        return Candidates(
            self.predictions[rows], self.labels[rows], self.left_out[rows], self.others[rows]
        )

    @property
    def present(self) -> np.ndarray:
        """Which candidates are real: bool [N, U]."""
        return self.predictions[:, :, 0] != ABSENT

    @property
    def positives(self) -> int:
        """The number of labels of all videos."""
        return int(self.labels.sum())

    def mixed(self, weights: np.ndarray) -> np.ndarray:
        """Weighted mean of the members' predictions. weights: [M]. Returns float32 [N, U]."""
        return self.predictions @ weights.astype(np.float32)


def candidates_of(
    predictions: Sequence[np.ndarray], labels: np.ndarray, kept: int = 40
) -> Candidates:
    """The candidates of a batch.

    predictions: of M members, float32 [B, C] each. labels: bool [B, C]. kept: number of best
    classes of each member that are candidates.
    """
    chosen = labels.copy()
    for own in predictions:
        np.put_along_axis(chosen, top_k(own, kept)[0], True, axis=1)
    count = chosen.sum(axis=1)
    # The chosen classes first, in ascending order for consistent ties; then others as padding.
    classes = np.argsort(~chosen, axis=1, kind="stable")[:, : count.max(initial=0)]  # [B, U]
    present = np.arange(classes.shape[1]) < count[:, None]
    near = [np.take_along_axis(own, classes, axis=1) for own in predictions]
    sums = [(own * ~chosen).sum(axis=1, dtype=np.float64) for own in predictions]
    return Candidates(
        predictions=np.where(present[:, :, None], np.stack(near, axis=2), ABSENT),
        labels=np.take_along_axis(labels, classes, axis=1) & present,
        left_out=np.stack(sums, axis=1),
        others=labels.shape[1] - count,
    )


def joined(batches: Sequence[Candidates]) -> Candidates:
    """Several batches as one, padded to the most candidates. Memory: 4 bytes per probability."""
    most = max(batch.labels.shape[1] for batch in batches)

    def padded(array: np.ndarray, value) -> np.ndarray:
        widths = [(0, 0), (0, most - array.shape[1])] + [(0, 0)] * (array.ndim - 2)
        return np.pad(array, widths, constant_values=value)

    return Candidates(
        np.concatenate([padded(b.predictions, ABSENT) for b in batches]),
        np.concatenate([padded(b.labels, False) for b in batches]),
        np.concatenate([b.left_out for b in batches]),
        np.concatenate([b.others for b in batches]),
    )
