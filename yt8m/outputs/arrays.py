"""Predictions for videos in NumPy files instead of records."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, islice
from pathlib import Path

import numpy as np

from yt8m.data.dummies import is_dummy
from yt8m.data.schema import Batch
from yt8m.errors import ArtefactError
from yt8m.outputs.array_frames import graph_frames, record_frames
from yt8m.outputs.array_kinds import ArrayKinds
from yt8m.outputs.array_videos import ArrayVideo, videos_in
from yt8m.outputs.named_files import Source
from yt8m.outputs.prediction_files import PredictionWriter
from yt8m.serving.graph import Graph


class ArrayVideos:
    """The videos of files of arrays (.npy, .npz), all checked on creation: frames, lengths and ids.

    Read again for each pass, one video at a time from .npy files, one file at a time otherwise.
    ids: of all videos, in order. cut: number of videos with more than `schema.max_frames` frames.
    without: feature -> number of videos that lack it.
    Raises ArtefactError or RecordError for what does not fit the schema, and for ids that are
    empty, not valid Unicode or not unique.
    """

    def __init__(self, paths: Sequence[Source], kinds: ArrayKinds):
        self._paths, self._kinds, self._schema = paths, kinds, kinds.schema
        self.cut = 0
        self.without: Counter[str] = Counter()
        places: dict[str, str] = {}
        for video in self._raw():
            self.cut += len(video.frames) > self._schema.max_frames
            self.without.update(video.absent)
            self._ready(video)
            _check_id(video, places)
        self.ids = list(places)

    def _raw(self) -> Iterator[ArrayVideo]:
        for path in self._paths:
            yield from videos_in(path, self._kinds, alone=len(self._paths) == 1)

    def _ready(self, video: ArrayVideo) -> ArrayVideo:
        """The videos with frames as in records: uint8 or float32, at most `max_frames`."""
        frames = record_frames(video, self._kinds, self._schema.max_frames)
        return replace(video, frames=graph_frames(frames, video, self._kinds))

    def batches(self, size: int) -> Iterator[Batch]:
        """The videos as `padded_batches`."""
        return padded_batches(map(self._ready, self._raw()), size, self._schema.classes)


def padded_batches(videos: Iterable[ArrayVideo], size: int, classes: int) -> Iterator[Batch]:
    """Batches of up to `size` videos in order, without labels: float32 or uint8 [B, T, F].

    videos: with frames as a graph takes them. Bytes and floats are in batches of their own.
    """
    for _, alike in groupby(videos, key=lambda video: video.frames.dtype):
        while some := list(islice(alike, size)):
            yield _padded(some, classes)


def predict_arrays(
    graph: Graph, videos: ArrayVideos, batch_size: int, top_k: int, skip_dummies: bool, out: Path
) -> None:
    """Write the `top_k` most probable classes of every video as `out` (Parquet).

    Raises ArtefactError for predictions that are not finite.
    """
    with PredictionWriter(out, top_k, graph.schema.classes) as writer:
        for batch in videos.batches(batch_size):
            kept = np.ones(len(batch.ids), bool)
            if skip_dummies:
                kept = ~is_dummy(batch, graph.schema)
            ids = [id for id, keep in zip(batch.ids, kept, strict=True) if keep]
            writer.write(ids, graph.predict(batch)[kept])


def _check_id(video: ArrayVideo, places: dict[str, str]) -> None:
    if not video.id:
        raise ArtefactError(f"{video.where}: its id is empty; give one")
    try:
        video.id.encode().decode()  # either fails on invalid Unicode
    except UnicodeError:
        raise ArtefactError(f"{video.where}: its id is not valid Unicode; give another") from None
    if video.id in places:
        raise ArtefactError(
            f"{video.where}: has the same id as {places[video.id]}; make ids unique"
        )
    places[video.id] = video.where


def _padded(videos: Sequence[ArrayVideo], classes: int) -> Batch:
    num_frames = np.array([len(video.frames) for video in videos], np.int32)
    first = videos[0].frames
    frames = np.zeros((len(videos), num_frames.max(), first.shape[1]), first.dtype)
    for row, video in zip(frames, videos, strict=True):
        row[: len(video.frames)] = video.frames
    labels = np.zeros((len(videos), classes), bool)
    return Batch([video.id for video in videos], frames, num_frames, labels)
