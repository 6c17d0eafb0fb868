"""What is in some shards: counts, sizes, frequencies, and whatever is damaged.

Unlike `survey`, which stops at a shard's first damage, this goes on where the framing allows.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import numpy as np

from yt8m.data.dummies import is_dummy_video
from yt8m.data.examples import MEAN, decode_video
from yt8m.data.features import read_floats, read_record
from yt8m.data.frame_lists import first_frame_size
from yt8m.data.schema import Schema, Video
from yt8m.data.tfrecord import map_file, payload_of, record_end
from yt8m.errors import RecordError

HISTOGRAM_SECONDS = 30
"""Width of a bin of the histogram of video lengths."""

FIRST_RECORDS = 50
"""Records that are asked what the others should be like."""

_ANY = 1 << 31


@dataclass
class FeatureStatistics:
    """Counts over all videos of one feature.

    constant: videos of two or more frames, all of them identical (for audio: silence).
    """

    size: int
    values: int = 0
    at_0: int = 0
    at_255: int = 0
    constant: int = 0


@dataclass
class Statistics:
    """What `inspect_shards` found.

    frames: number of frames -> videos; labels_per_video: number of labels -> videos;
    labels: class -> videos; damages: one message each.
    """

    schema: Schema
    shards: int = 0
    records: int = 0
    dummies: int = 0
    with_predictions: int = 0
    features: dict[str, FeatureStatistics] = field(default_factory=dict)
    frames: Counter = field(default_factory=Counter)
    labels_per_video: Counter = field(default_factory=Counter)
    labels: Counter = field(default_factory=Counter)
    damages: list[str] = field(default_factory=list)

    def add(self, video: Video) -> None:
        """Count one video."""
        self.records += 1
        self.with_predictions += video.predictions is not None
        self.labels_per_video[len(video.labels)] += 1
        self.labels.update(video.labels)
        if self.schema.layout == "frame":
            self.frames[len(next(iter(video.features.values())))] += 1
            for name, values in video.features.items():
                _count_bytes(self.features[name], values)
        self.dummies += is_dummy_video(video)


def inspect_shards(paths: Sequence[str | Path], schema: Schema | None = None) -> Statistics:
    """Statistics of all records that can be read, and the damage of all others.

    schema: what the records should hold; None takes what `detect_schema` finds.
    Raises RecordError when there is no schema and no record to take it from.
    """
    schema = schema or detect_schema(paths)
    found = Statistics(
        schema, features={n: FeatureStatistics(s) for n, s in schema.features.items()}
    )
    for path in paths:
        found.shards += 1
        for payload, where in _intact_payloads(path, found.damages):
            try:
                found.add(decode_video(payload, schema, where))
            except RecordError as error:
                found.damages.append(str(error))
    return found


def detect_schema(paths: Sequence[str | Path]) -> Schema:
    """Layout, features and sizes that most of the first records agree on.

    It accepts any label, unless records hold predictions, and any number of frames. Raises
    RecordError when no record can be read.
    """
    damages: list[str] = []
    found: list[Schema] = []
    payloads = (one for path in paths for one in _intact_payloads(path, damages))
    for payload, where in islice(payloads, FIRST_RECORDS):
        try:
            found.append(_schema_of(payload, where))
        except RecordError as error:
            damages.append(str(error))
    if not found:
        raise RecordError(damages[0] if damages else "no records to inspect.")
    return max(found, key=found.count)


def _schema_of(payload: memoryview, where: str) -> Schema:
    try:
        context, lists = read_record(payload)
        classes = _ANY
        if "predictions" in context:
            classes = len(read_floats(context["predictions"], "predictions"))
        if lists:
            sizes = {name: first_frame_size(view, name) for name, view in lists.items()}
            return Schema(sizes, classes, max_frames=_ANY)
        means = {name: view for name, view in context.items() if name.startswith(MEAN)}
        sizes = {n.removeprefix(MEAN): len(read_floats(view, n)) for n, view in means.items()}
    except ValueError as error:
        raise RecordError(f"{where}: {error}") from None
    if not sizes:
        raise RecordError(f"{where}: has neither feature lists nor `{MEAN}...` floats.")
    return Schema(sizes, classes, layout="video")


def _intact_payloads(path: str | Path, damages: list[str]) -> Iterator[tuple[memoryview, str]]:
    """Payloads whose CRC is right, with their place; the damage of the others is noted."""
    try:
        data, start, number = map_file(path), 0, 0
        while start < len(data):
            where = f"{path}, record {number}"
            end = record_end(data, start, where)
            try:
                yield payload_of(data, start, end, where, check_crc=True), where
            except RecordError as error:
                damages.append(str(error))
            start, number = end, number + 1
        if not number:
            damages.append(f"{path}: holds no records.")
    except RecordError as error:  # without its length there is no way to the next record
        damages.append(str(error))


def _count_bytes(statistics: FeatureStatistics, frames: np.ndarray) -> None:
    statistics.values += frames.size
    statistics.at_0 += frames.size - np.count_nonzero(frames)
    statistics.at_255 += np.count_nonzero(frames == 255)
    statistics.constant += len(frames) > 1 and bool((frames == frames[0]).all())
