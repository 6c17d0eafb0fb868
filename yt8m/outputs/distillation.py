"""A teacher's predictions on the training split, written down for its students."""

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from yt8m.atomic import remove, replacing
from yt8m.claims import claimed
from yt8m.data.distilled import origin
from yt8m.data.examples import encode_video
from yt8m.data.manifest import Manifest
from yt8m.data.records import Records
from yt8m.data.schema import Schema, Video, split_features
from yt8m.data.soft_labels import encode_soft_label
from yt8m.data.tfrecord import write_records
from yt8m.errors import ConfigError
from yt8m.outputs.scoring import score
from yt8m.serving.graph import Graph
from yt8m.sources import digest_of
from yt8m.state import state_key


def shard_name(number: int, total: int) -> str:
    """Name of the distilled shard that belongs to source shard `number` of `total`."""
    return f"shard-{number:05d}-of-{total:05d}.tfrecord"


@dataclass(frozen=True)
class Layout:
    """How a distilled record looks.

    kind: "soft_labels" (id, labels and the `keep` best predictions) or "full" (the source's frames
    too, in the original's record layout).
    """

    kind: str
    keep: int

    def encode(self, video: Video, schema: Schema) -> bytes:
        """One record of a video with predictions."""
        if self.kind == "full":
            return encode_video(video, schema, id_field="video_id")
        return encode_soft_label(video.id, video.labels, video.predictions, self.keep, video.origin)


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

    Finished shards wait in the folder `state` until all of them are, so that a killed job goes on
    with the next one; then the folder is removed, with what another teacher has left in it.
    """
    for number in numbers:
        if not 0 <= number < len(source.shards):
            raise ConfigError(
                f"shard {number}: split {source.split} has only {len(source.shards)} shards"
            )
    waiting = state / state_key(
        graph.fingerprint,
        [source.shards[n].digest for n in numbers],
        [layout.kind, layout.keep, batch_size],
        digest_of("yt8m.outputs.distillation"),
    )
    names = [shard_name(number, len(source.shards)) for number in numbers]
    with claimed(state, state):
        for number, name in zip(numbers, names, strict=True):
            if not (waiting / name).exists():
                records = Records(replace(source, shards=(source.shards[number],)))
                came_from = origin(graph.teacher, source.shards[number].digest)
                videos = _scored_videos(graph, records, batch_size, came_from)
                write_records(waiting / name, (layout.encode(v, source.schema) for v in videos))
        for name in names:
            with replacing(out / name) as place:
                _link_or_copy(waiting / name, place)
        remove(state)


def _link_or_copy(finished: Path, place: Path) -> None:
    """The same file by another name; its content where that cannot be, as on another disk."""
    try:
        os.link(finished, place)
    except OSError:
        shutil.copyfile(finished, place)


def _scored_videos(
    graph: Graph, records: Records, batch_size: int, came_from: bytes
) -> Iterator[Video]:
    """The videos of `records` in their order, with the graph's predictions."""
    for scored in score(graph, records, batch_size):
        batch = scored.batch
        for row, id in enumerate(batch.ids):
            frames = batch.frames[row, : batch.num_frames[row]]
            if graph.schema.layout == "video":
                frames = frames[0]  # as `Video` has them
            features = split_features(frames, graph.schema)
            labels = tuple(np.flatnonzero(batch.labels[row]).tolist())
            yield Video(id, labels, features, scored.predictions[row], came_from)
