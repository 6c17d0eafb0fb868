"""Results of an evaluation."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class ClassTable:
    """One row per class, in the order of the classes.

    positives: int64 [C], videos with this label.
    average_precision: float64 [C]; 0 for a class without positives.
    retrieved: int64 [C], videos with the class among their `top_k` best.
    """

    positives: np.ndarray
    average_precision: np.ndarray
    retrieved: np.ndarray


@dataclass(frozen=True)
class Result:
    """The metrics of one graph on one set of videos.

    gap: global average precision, over each video's `top_k` best classes.
    map: mean over all classes of their average precision, from the same entries; a class without
        positives counts as 0, as in the original.
    map_present: the same over the classes with positives only.
    perr: precision at equal recall rate. hit_at_one: share of videos whose best class is true.
        Videos without labels count as misses in both.
    loss: mean over videos, or None if no losses were given.
    videos, positives: number of videos, and of all their labels.
    classes_with_positives, videos_without_labels: the number of each.
    top_k: classes per video that count; all of them if there are fewer than requested.
    """

    gap: float
    map: float
    map_present: float
    perr: float
    hit_at_one: float
    loss: float | None
    videos: int
    videos_without_labels: int
    positives: int
    classes_with_positives: int
    top_k: int
    classes: ClassTable
