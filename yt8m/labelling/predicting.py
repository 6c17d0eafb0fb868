"""Predictions of parts of a video, many at once."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from yt8m.data.schema import Batch
from yt8m.errors import ArtefactError
from yt8m.labelling.windows import Part
from yt8m.serving.graph import Graph

BATCH = 64
"""Parts that the graph gets at once."""


def predict_parts(
    graph: Graph, cut: Callable[[int, int], np.ndarray], parts: Sequence[Part]
) -> np.ndarray:
    """The predictions of some parts of a video, float32 [n, C].

    cut: from a part to its frames as `Graph.predict` takes them, [T, F].
    Raises ArtefactError for predictions that are not finite.
    """
    found = np.concatenate([graph.predict(batch) for batch in _batches(graph, cut, parts)])
    if not np.isfinite(found).all():
        start, end = parts[int(np.argmin(np.isfinite(found).all(axis=1)))]
        raise ArtefactError(
            f"{graph.name}: predicts NaN for seconds {start} to {end}; its weights, or the video's "
            "features, are damaged"
        )
    return found


def _batches(
    graph: Graph, cut: Callable[[int, int], np.ndarray], parts: Sequence[Part]
) -> Iterator[Batch]:
    for first in range(0, len(parts), BATCH):
        frames = [cut(*part) for part in parts[first : first + BATCH]]
        num_frames = np.array([len(each) for each in frames], np.int32)
        padded = np.zeros((len(frames), num_frames.max(), frames[0].shape[1]), frames[0].dtype)
        for row, each in zip(padded, frames, strict=True):
            row[: len(each)] = each
        labels = np.zeros((len(frames), graph.schema.classes), bool)
        yield Batch([""] * len(frames), padded, num_frames, labels)
