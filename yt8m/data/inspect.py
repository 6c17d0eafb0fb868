"""Statistics of shards: counts, sizes, frequencies, and all damage.

Unlike `survey`, which stops at a shard's first damage, this continues as long as framing allows.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from yt8m.data.checks import REFUSE_ALL, WORDS, Checks, Problems
from yt8m.data.dummies import is_dummy_video
from yt8m.data.framing import payload_of, record_end
from yt8m.data.record_checks import check_record
from yt8m.data.schema import Schema, Video
from yt8m.data.schema_detection import detect_schema
from yt8m.data.tfrecord import open_shard
from yt8m.errors import RecordError

HISTOGRAM_SECONDS = 30
"""Width of a bin of the histogram of video lengths."""


@dataclass
class FeatureStatistics:
    """Counts for one feature over all videos.

    constant: videos of two or more frames, all of them identical (for audio: silence).
    absent: videos that lack it, and say so.
    """

    size: int
    values: int = 0
    at_0: int = 0
    at_255: int = 0
    constant: int = 0
    absent: int = 0


@dataclass
class Statistics:
    """The result of `inspect_shards`.

    frames: number of frames -> videos; labels_per_video: number of labels -> videos;
    labels: class -> videos; damages: one message each.
    refused, warned: one message per kind of problem in the records.
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
    refused: list[str] = field(default_factory=list)
    warned: list[str] = field(default_factory=list)

    def add(self, video: Video) -> None:
        """Add one video to the counts."""
        self.records += 1
        self.with_predictions += video.predictions is not None
        self.labels_per_video[len(video.labels)] += 1
        self.labels.update(video.labels)
        for name in video.absent:
            if name in self.features:
                self.features[name].absent += 1
        if self.schema.layout == "frame":
            self.frames[len(next(iter(video.features.values())))] += 1
            for name, values in video.features.items():
                _count_bytes(self.features[name], values)
        self.dummies += is_dummy_video(video, self.schema)


def inspect_shards(
    paths: Sequence[str | Path], schema: Schema | None = None, checks: Checks = REFUSE_ALL
) -> Statistics:
    """Statistics of all readable records, and the damage of all others.

    schema: what the records should hold; None detects it with `schema_of`.
    checks: which problems make a manifest refuse the records.
    Raises RecordError if there is no schema and no record to detect it from.
    """
    schema = schema or schema_of(paths)
    found = Statistics(
        schema, features={n: FeatureStatistics(s) for n, s in schema.features.items()}
    )
    problems = Problems()
    for path in paths:
        found.shards += 1
        for payload, where in _intact_payloads(path, found.damages):
            try:
                checked = check_record(payload, schema, where)
            except RecordError as error:
                found.damages.append(str(error))
                continue
            found.add(checked.content)
            for problem, example in checked.problems:
                problems.add(problem, example)
    if 0 < found.with_predictions < found.records:
        without = found.records - found.with_predictions
        found.damages.append(f"{without} records hold no predictions, but others do.")
    refused, warned = (problems.lines(checks, does, found.labels.total()) for does in WORDS)
    found.refused, found.warned = list(refused.values()), list(warned.values())
    return found


def schema_of(paths: Sequence[str | Path]) -> Schema:
    """The schema of most of the first records: see `detect_schema`.

    Raises RecordError if no record can be read.
    """
    damages: list[str] = []
    try:
        return detect_schema(one for path in paths for one in _intact_payloads(path, damages))
    except RecordError as error:
        raise (RecordError(damages[0]) if damages else error) from None


def _intact_payloads(path: str | Path, damages: list[str]) -> Iterator[tuple[memoryview, str]]:
    """Payloads with the right CRC, and their location; damage of others goes into `damages`."""
    try:
        data, start, number = open_shard(path), 0, 0
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
    except RecordError as error:  # without its length the next record cannot be found
        damages.append(str(error))


def _count_bytes(statistics: FeatureStatistics, frames: np.ndarray) -> None:
    statistics.values += frames.size
    statistics.at_0 += frames.size - np.count_nonzero(frames)
    statistics.at_255 += np.count_nonzero(frames == 255)
    statistics.constant += len(frames) > 1 and bool((frames == frames[0]).all())
