"""Metrics of a graph on a labelled split."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from yt8m.data.records import Records
from yt8m.metrics.accumulate import Metrics
from yt8m.metrics.cross_entropy import losses
from yt8m.metrics.video_scores import VideoScores
from yt8m.outputs.graph_predictions import part_of_batches, predict_records
from yt8m.parts import WHOLE, Part
from yt8m.serving.graph import Graph


class Counts(Protocol):
    """Anything that counts videos with their predictions."""

    def add(self, predictions: np.ndarray, labels: np.ndarray) -> None:
        """Add a batch: probabilities, float32 [B, C], and labels, bool [B, C]."""


class Observer(Protocol):
    """Anything that looks at every evaluated video, such as one that chooses some of them."""

    def add(
        self, ids: Sequence[str], losses: np.ndarray, predictions: np.ndarray, labels: np.ndarray
    ) -> None:
        """Add a batch: B ids, losses, float64 [B], and as above."""


class Kept(Protocol):
    """Anything that keeps what single videos contribute to the metrics."""

    def add(self, ids: Sequence[str], losses: np.ndarray, scores: VideoScores) -> None:
        """Add a batch: B ids, losses, float64 [B], and what these videos contribute."""


def evaluate(
    graph: Graph,
    records: Records,
    batch_size: int,
    top_k: int = 20,
    skip_dummies: bool = False,
    counts: Counts | None = None,
    observers: Sequence[Observer] = (),
    kept: Kept | None = None,
    part: Part = WHOLE,
) -> Metrics:
    """Evaluate a graph on `records`; memory does not grow with their number. Call `result()` of
    what it returns, which refuses records without any label.

    counts, observers, kept: receive the same videos.
    part: only these batches; those of all parts are those of the whole, with the same videos in
        each.
    """
    first, videos = part_of_batches(len(records), batch_size, part)
    metrics = Metrics(graph.schema.classes, top_k)
    for predicted in predict_records(graph, records, batch_size, skip_dummies, first, videos):
        labels = predicted.batch.labels
        lost = losses(predicted.predictions, labels)
        scores = metrics.add(predicted.predictions, labels, lost)
        if counts is not None:
            counts.add(predicted.predictions, labels)
        for observer in observers:
            observer.add(predicted.batch.ids, lost, predicted.predictions, labels)
        if kept is not None:
            kept.add(predicted.batch.ids, lost, scores)
    return metrics
