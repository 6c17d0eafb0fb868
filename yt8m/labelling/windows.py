"""Parts of a video in time, and their predictions, many at once."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from yt8m.data.schema import Batch
from yt8m.errors import ArtefactError, ConfigError
from yt8m.serving.graph import Graph

BATCH = 64
"""Parts that the graph gets at once."""

Part = tuple[int, int]
"""First second, and the one after the last."""


@dataclass(frozen=True)
class Windows:
    """A window of `length` seconds begins every `every` seconds.

    Those at a video's end are shorter. Raises ConfigError for less than a second.
    """

    every: int
    length: int

    def __post_init__(self) -> None:
        if self.every < 1 or self.length < 1:
            raise ConfigError(
                f"windows of {self.length} seconds, every {self.every}: give 1 second or more"
            )

    def of(self, seconds: int) -> list[Part]:
        """The windows of a video."""
        starts = range(0, seconds, self.every)
        return [(start, min(start + self.length, seconds)) for start in starts]


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
