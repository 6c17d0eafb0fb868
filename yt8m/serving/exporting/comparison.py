"""How far the predictions of an exported graph are from those of the original."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from yt8m.data.schema import Batch
from yt8m.metrics.accumulate import Metrics
from yt8m.serving.exporting.inputs import Inputs
from yt8m.serving.graph import Graph

Predict = Callable[[Mapping[str, np.ndarray]], np.ndarray]
"""From inputs by name to probabilities, float32 [B, C]."""


@dataclass(frozen=True)
class Comparison:
    """Differences of probabilities over all videos and classes.

    gaps: the GAP of the original graph and of the exported one; None without labels.
    """

    videos: int
    largest: float
    mean: float
    gaps: tuple[float, float] | None = None

    def __str__(self) -> str:
        text = f"probabilities differ by at most {self.largest:.2g}, {self.mean:.2g} on average"
        if self.gaps is None:
            return text
        return f"{text}; GAP {self.gaps[1]:.4f}, {self.gaps[0]:.4f} before"


def compare(graph: Graph, predict: Predict, inputs: Inputs, batches: Iterable[Batch]) -> Comparison:
    """Compare on all videos of the batches, which hold frames as records do.

    Raises ArtefactError for predictions that are not finite.
    """
    before, after = Metrics(graph.schema.classes), Metrics(graph.schema.classes)
    videos, largest, total, labelled = 0, 0.0, 0.0, False
    for batch in batches:
        batch, arrays = inputs.arrays_of(batch)
        expected, found = graph.predict(batch), predict(arrays)
        before.add(expected, batch.labels)
        after.add(found, batch.labels)
        difference = np.abs(found - expected)
        videos += len(difference)
        largest = max(largest, float(difference.max()))
        total += float(difference.mean(axis=1, dtype=np.float64).sum())
        labelled = labelled or bool(batch.labels.any())
    gaps = (before.result().gap, after.result().gap) if labelled else None
    return Comparison(videos, largest, total / videos, gaps)
