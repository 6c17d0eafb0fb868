"""GAP, MAP, PERR and Hit@1 in NumPy, for all videos of a batch at once."""

import numpy as np


class Evaluation:
    """All metrics over batches of videos. Of equal scores the misses rank first."""

    def __init__(self, classes: int, top_k: int = 20):
        self._top_k = top_k
        self._positives = np.zeros(classes, np.int64)
        self._scores, self._hits, self._classes = [], [], []
        self._perr = self._first = 0.0
        self._videos = 0

    def add(self, predictions: np.ndarray, labels: np.ndarray) -> None:
        """predictions: float32 [B, C]. labels: bool [B, C]."""
        counts = labels.sum(axis=1)
        most = max(self._top_k, int(counts.max()))
        best = np.argpartition(predictions, -most, axis=1)[:, -most:]
        scores = np.take_along_axis(predictions, best, axis=1)
        order = np.argsort(-scores, axis=1)
        best, scores = (np.take_along_axis(each, order, axis=1) for each in (best, scores))
        hits = np.take_along_axis(labels, best, axis=1)
        for found, each in ((self._scores, scores), (self._hits, hits), (self._classes, best)):
            found.append(each[:, : self._top_k].ravel())
        self._positives += labels.sum(axis=0)
        rows = np.flatnonzero(counts)
        right = hits.cumsum(axis=1)[rows, counts[rows] - 1]
        self._perr += float((right / counts[rows]).sum())
        self._first += int(hits[:, 0].sum())
        self._videos += len(predictions)

    def result(self) -> dict[str, float]:
        """GAP, MAP, PERR and Hit@1."""
        scores, hits, classes = map(np.concatenate, (self._scores, self._hits, self._classes))
        everything = np.zeros_like(classes)
        (total,) = _precisions(scores, hits, everything, 1)
        by_class = _precisions(scores, hits, classes, len(self._positives))
        averages = by_class / np.maximum(self._positives, 1)
        return {
            "gap": float(total / max(self._positives.sum(), 1)),
            "map": float(averages.mean()),
            "perr": self._perr / self._videos,
            "hit_at_one": self._first / self._videos,
        }


def _precisions(scores: np.ndarray, hits: np.ndarray, groups: np.ndarray, count: int) -> np.ndarray:
    """Sum of the precisions at the hits of each group, float64 [count]. All inputs: [N]."""
    order = np.lexsort((hits, -scores, groups))
    hits, groups = hits[order], groups[order]
    starts = np.searchsorted(groups, np.arange(count))
    before = np.append(0, hits.cumsum())
    rank = np.arange(len(hits)) - starts[groups] + 1
    precision = (before[1:] - before[starts][groups]) / rank
    return np.bincount(groups, weights=precision * hits, minlength=count)
