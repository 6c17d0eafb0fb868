"""A teacher's predictions on the training split, written as distilled shards for its students."""

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import numpy as np

from yt8m.artefacts import distilled_shard
from yt8m.atomic import replacing
from yt8m.data.distilled import origin
from yt8m.data.examples import encode_video
from yt8m.data.manifest import Manifest
from yt8m.data.records import Records
from yt8m.data.schema import Batch, Schema, Video, split_features
from yt8m.data.soft_labels import encode_soft_label
from yt8m.data.tfrecord import write_records
from yt8m.errors import ConfigError
from yt8m.locks import locked
from yt8m.outputs.graph_predictions import PredictedBatch, predict_records
from yt8m.serving.graph import Graph
from yt8m.sources import digest_of
from yt8m.state import remove_states, state_key


@dataclass(frozen=True)
class Layout:
    """The layout of distilled records.

    kind: "soft_labels" (id, labels and the `keep` largest predictions) or "full" (with the source's
        frames, in the original's record layout).
    """

    kind: str
    keep: int

    def encode(
        self, predicted: PredictedBatch, schema: Schema, came_from: bytes
    ) -> Iterator[bytes]:
        """A record per video of a batch. came_from: see `yt8m.data.distilled`."""
        batch = predicted.batch
        for row, (id, predictions) in enumerate(zip(batch.ids, predicted.predictions, strict=True)):
            labels = tuple(np.flatnonzero(batch.labels[row]).tolist())
            if self.kind == "soft_labels":
                yield encode_soft_label(id, labels, predictions, self.keep, came_from)
            else:
                video = Video(id, labels, _features(batch, row, schema), predictions, came_from)
                yield encode_video(video, schema, id_field="video_id")


def _features(batch: Batch, row: int, schema: Schema) -> dict[str, np.ndarray]:
    """Features of one video of a batch, as in `Video`, without copying."""
    frames = batch.frames[row, : batch.num_frames[row]]
    return split_features(frames[0] if schema.layout == "video" else frames, schema)


def distil(
    graph: Graph,
    source: Manifest,
    numbers: Sequence[int],
    layout: Layout,
    batch_size: int,
    state: Path,
    out: Path,
) -> None:
    """Write the distilled shards of source shards `numbers` into the folder `out`.

    Finished shards are kept in the folder `state` until all are finished, so that an interrupted
    job resumes with the next one; then all state in the folder is removed, also of other teachers.
    """
    for number in numbers:
        if not 0 <= number < len(source.shards):
            raise ConfigError(
                f"shard {number}: split {source.split} has only {len(source.shards)} shards, "
                "numbered from 0"
            )
    waiting = state / state_key(
        graph.fingerprint,
        [source.shards[n].content for n in numbers],
        [layout.kind, layout.keep, batch_size],
        digest_of("yt8m.outputs.distillation"),
    )
    total = f"{len(source.shards):05d}"
    names = [distilled_shard(f"{number:05d}", total) for number in numbers]
    with locked(state, state):
        for number, name in zip(numbers, names, strict=True):
            if not (waiting / name).exists():
                records = Records(replace(source, shards=(source.shards[number],)))
                came_from = origin(graph.teacher, source.shards[number].digest)
                batches = predict_records(graph, records, batch_size)
                encoded = (layout.encode(b, source.schema, came_from) for b in batches)
                write_records(waiting / name, chain.from_iterable(encoded))
        for name in names:
            with replacing(out / name) as place:
                _link_or_copy(waiting / name, place)
        remove_states(state)


def _link_or_copy(finished: Path, place: Path) -> None:
    """Link a file to another name; copy it if that is impossible, as to another disk."""
    try:
        os.link(finished, place)
    except OSError:
        shutil.copyfile(finished, place)
