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
    map: mean over all classes of their average precision, from the same entries.
    perr: precision at equal recall rate. hit_at_one: share of videos whose best class is right.
    loss: mean over videos, or None where no losses were given.
    videos, positives: how many videos, and how many labels they have together.
    """

    gap: float
    map: float
    perr: float
    hit_at_one: float
    loss: float | None
    videos: int
    positives: int
    top_k: int
    classes: ClassTable
