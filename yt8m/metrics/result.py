"""What an evaluation found."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class ClassTable:
    """One row a class, in the order of the classes.

    positives: int64 [C], videos with this label.
    average_precision: float64 [C]; 0 for a class without positives.
    retrieved: int64 [C], videos that had the class among their best.
    """

    positives: np.ndarray
    average_precision: np.ndarray
    retrieved: np.ndarray


@dataclass(frozen=True)
class Result:
    """The measures of one graph on one set of videos.

    gap: global average precision, over each video's `top_k` best classes.
    map: mean over all classes of their average precision, from the same entries; a class without
        positives counts as 0, as in the original.
    map_present: the same over the classes with positives only.
    perr: precision at equal recall rate. hit_at_one: share of videos whose best class is right.
        Videos without labels count as misses in both.
    loss: mean over videos, or None where no losses were given.
    videos, positives: how many videos, and how many labels they have together.
    classes_with_positives, videos_without_labels: what the means above are taken over.
    top_k: classes of each video that count; all of them where there are fewer than asked for.
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
