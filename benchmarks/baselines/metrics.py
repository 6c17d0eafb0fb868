"""GAP, MAP, PERR and Hit@1 with a heap per class, one video after another."""

import heapq

import numpy as np


class AveragePrecision:
    """Average precision of entries that come one at a time."""

    def __init__(self):
        self._heap: list[tuple[float, bool]] = []
        self._positives = 0

    def add(self, score: float, hit: bool) -> None:
        """Add one entry. Of equal scores the misses rank first."""
        heapq.heappush(self._heap, (-score, hit))

    def expect(self, positives: int) -> None:
        """Count `positives` more positives, whether or not they are among the entries."""
        self._positives += positives

    def value(self) -> float:
        """Sum of the precision at each hit, divided by the positives; empties the heap."""
        hits = total = rank = 0
        while self._heap:
            rank += 1
            if heapq.heappop(self._heap)[1]:
                hits += 1
                total += hits / rank
        return total / self._positives if self._positives else 0.0


class Evaluation:
    """All metrics over batches of videos."""

    def __init__(self, classes: int, top_k: int = 20):
        self._top_k = top_k
        self._all = AveragePrecision()
        self._classes = [AveragePrecision() for _ in range(classes)]
        self._perr = self._hits = 0.0
        self._videos = 0

    def add(self, predictions: np.ndarray, labels: np.ndarray) -> None:
        """predictions: float32 [B, C]. labels: bool [B, C]."""
        for scores, truth in zip(predictions, labels, strict=True):
            best = np.argpartition(scores, -self._top_k)[-self._top_k :]
            for c in best.tolist():
                self._all.add(float(scores[c]), bool(truth[c]))
                self._classes[c].add(float(scores[c]), bool(truth[c]))
            positives = np.flatnonzero(truth)
            self._all.expect(len(positives))
            for c in positives.tolist():
                self._classes[c].expect(1)
            if len(positives):
                equal = np.argpartition(scores, -len(positives))[-len(positives) :]
                self._perr += float(truth[equal].mean())
            self._hits += bool(truth[scores.argmax()])
            self._videos += 1

    def result(self) -> dict[str, float]:
        """GAP, MAP, PERR and Hit@1."""
        return {
            "gap": self._all.value(),
            "map": float(np.mean([each.value() for each in self._classes])),
            "perr": self._perr / self._videos,
            "hit_at_one": self._hits / self._videos,
        }
