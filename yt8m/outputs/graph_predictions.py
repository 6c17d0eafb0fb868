"""A stream of videos with their predictions, from a graph and records."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from yt8m.data.dummies import is_dummy
from yt8m.data.order import batches, num_batches
from yt8m.data.records import Records
from yt8m.data.schema import Batch
from yt8m.errors import ArtefactError
from yt8m.parts import Part
from yt8m.progress import Progress
from yt8m.serving.graph import Graph


@dataclass(frozen=True)
class PredictedBatch:
    """B videos with their predictions: probabilities, float32 [B, C]."""

    batch: Batch
    predictions: np.ndarray

    def __getitem__(self, rows: np.ndarray) -> "PredictedBatch":
        """A selection of the videos. rows: bool [B]."""
        ids = [i for i, kept in zip(self.batch.ids, rows, strict=True) if kept]
        b = self.batch
        batch = Batch(ids, b.frames[rows], b.num_frames[rows], b.labels[rows])
        return PredictedBatch(batch, self.predictions[rows])


def predict_records(
    graph: Graph,
    records: Records,
    batch_size: int,
    skip_dummies: bool = False,
    first: int = 0,
    videos: int | None = None,
) -> Iterator[PredictedBatch]:
    """Predict every video of `records`, in order, one batch at a time.

    skip_dummies: skip videos whose mean rgb hardly varies; see `is_dummy`.
    first: index of the first video. videos: at most this many; None for all.

    Raises ArtefactError if the graph was made for other records or a prediction is not finite.
    """
    if graph.schema != records.manifest.schema:
        raise ArtefactError(
            f"{graph.name}: was made for {graph.schema}, but the records have "
            f"{records.manifest.schema}; use the manifest of its dataset"
        )
    end = len(records) if videos is None else min(first + videos, len(records))
    order = np.arange(first, end)
    with Progress(f"predict {graph.name}", "video", end, first) as bar:
        for batch in batches(records, batch_size, order, drop_remainder=False):
            bar.advance(len(batch.ids))
            predictions = graph.predict(batch)
            if not np.isfinite(predictions).all():
                row = int(np.argmin(np.isfinite(predictions).all(axis=1)))
                raise ArtefactError(
                    f"{graph.name}: predicts NaN for video {batch.ids[row]}; its weights are "
                    "damaged or training diverged"
                )
            predicted = PredictedBatch(batch, predictions)
            yield predicted[~is_dummy(batch, graph.schema)] if skip_dummies else predicted


def part_of_batches(videos: int, batch_size: int, part: Part) -> tuple[int, int]:
    """The first video of a part of the batches of so many videos, and the number of its videos,
    which is 0 for some parts if there are more of them than batches.
    """
    numbers = part.share(num_batches(videos, batch_size, drop_remainder=False))
    first, end = (min(n * batch_size, videos) for n in (numbers.start, numbers.stop))
    return first, end - first
