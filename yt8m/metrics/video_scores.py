"""What single videos contribute to the metrics, so that these can be computed of any videos."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class VideoScores:
    """Ingredients of GAP, PERR and Hit@1 of N videos.

    positives: int64 [N], labels of each video.
    scores: float32 [N, k], probabilities of its best classes, the highest first.
    hits: bool [N, k], which of these classes are true.
    equal_recall_hits: int64 [N], how many of its best `positives` classes are true (see `perr`).
    """

    positives: np.ndarray
    scores: np.ndarray
    hits: np.ndarray
    equal_recall_hits: np.ndarray

    def precision_at_equal_recall(self) -> np.ndarray:
        """PERR of each video, float64 [N]; 0 for a video without labels."""
        return self.equal_recall_hits / np.maximum(self.positives, 1)

    def best_is_true(self) -> np.ndarray:
        """Whether each video's best class is true: Hit@1, bool [N]."""
        return self.hits[:, 0]
