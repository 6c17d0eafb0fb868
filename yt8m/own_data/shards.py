"""Shards of records from arrays: projected, as bytes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from yt8m.data.examples import encode_video
from yt8m.data.schema import Schema, Video
from yt8m.data.tfrecord import write_records
from yt8m.errors import ConfigError, RecordError
from yt8m.own_data.heap import keep_freed_memory
from yt8m.own_data.left_out import LeftOut
from yt8m.own_data.reading_ahead import most_bytes, reading_ahead
from yt8m.own_data.rows import Row
from yt8m.own_data.videos import read_video
from yt8m.projections.levels import RoundTrip
from yt8m.projections.projection import Projection
from yt8m.text_tables import format_table, numbers, words

MEASURED = 16
"""Videos of a shard whose error is measured: the first 16, and every 16th after them.

Measuring takes longer than making the bytes.
"""


@dataclass
class Written:
    """What was written. videos: of the rows; errors: feature -> that of its bytes, of some."""

    left_out: LeftOut
    videos: int = 0
    errors: dict[str, RoundTrip] = field(default_factory=dict)

    def report(self) -> str:
        """The numbers of videos, the errors by feature, and the videos that are left out."""
        lines = [f"{self.videos - len(self.left_out.found):,} videos"]
        lines += [report_errors(self.errors), self.left_out.report(self.videos)]
        return "\n".join(line.rstrip() for line in lines if line)


def write_shard(
    path: Path,
    rows: Sequence[Row],
    schema: Schema,
    projections: Mapping[str, Projection],
    written: Written,
    advance: Callable[[], None] = lambda: None,
) -> None:
    """Write the videos of some rows as one shard, atomically; memory holds one video at a time.

    written: is added up over shards. advance: is called after each video.
    Raises ConfigError for projections that do not suit the schema; RecordError if most of the
    videos are not valid.
    """
    check_projections(schema, projections)
    keep_freed_memory()
    bad = LeftOut(written.left_out.strict)

    def payloads() -> Iterator[bytes]:
        widest = max(each.width for each in projections.values())
        ahead = reading_ahead(rows, list(projections), most_bytes(schema.max_frames, widest))
        for number, row in enumerate(ahead):
            errors = written.errors if is_measured(number) else None
            try:
                video = _video(row, schema, projections, errors)
            except RecordError as error:
                bad.add(row, str(error))
            else:
                yield encode_video(video, schema, labelled=bool(row.classes))
            advance()
        bad.check(len(rows), path.name)

    write_records(path, payloads())
    written.videos += len(rows)
    written.left_out.found |= bad.found


def check_projections(schema: Schema, projections: Mapping[str, Projection]) -> None:
    """Raises ConfigError unless the projections make the schema's features."""
    made = {name: (each.size, each.levels.range) for name, each in projections.items()}
    expected = {name: (size, schema.range_of(name)) for name, size in schema.features.items()}
    if made != expected:
        raise ConfigError(
            f"the projections make {_shown(made)}, but the dataset has {_shown(expected)}; fit "
            "them again"
        )


def _shown(features: Mapping[str, tuple[int, tuple[float, float]]]) -> str:
    parts = (f"{name} {size} in [{r[0]:g}, {r[1]:g}]" for name, (size, r) in features.items())
    return ", ".join(parts)


def is_measured(number: int) -> bool:
    """Whether the error of a shard's video is measured, by its number from 0."""
    return number < MEASURED or number % MEASURED == 0


def _video(
    row: Row,
    schema: Schema,
    projections: Mapping[str, Projection],
    errors: dict[str, RoundTrip] | None,
) -> Video:
    arrays = read_video(row, {n: each.width for n, each in projections.items()}, schema.max_frames)
    frames = next(len(values) for values in arrays.values() if values is not None)
    features: dict[str, np.ndarray] = {}
    for name, values in arrays.items():
        projection = projections[name]
        error = None if errors is None or values is None else RoundTrip()
        if values is None:
            features[name] = projection.absent(frames)
        else:
            features[name] = projection.to_bytes(values, error)
        if error is not None:
            errors[name] = errors.get(name, RoundTrip()) + error
        if schema.layout == "video":
            features[name] = projection.from_bytes(features[name]).mean(axis=0)
    absent = tuple(name for name, values in arrays.items() if values is None)
    return Video(row.id, row.classes, features, absent=absent)


def report_errors(errors: Mapping[str, RoundTrip]) -> str:
    """A line per feature: the error of its bytes, and the share of values that were clipped.

    Both are of the values that were measured, whose number stands before them.
    """
    measures = ("measured", "rms error", "of them inside", "mean", "clipped")
    columns = [*words("feature"), *numbers(*measures)]
    rows = [
        (
            name,
            f"{each.values:,}",
            f"{each.rms:.5f}",
            f"{each.rms_inside:.5f}",
            f"{each.mean_error:+.5f}",
            f"{each.share_clipped:.4%}",
        )
        for name, each in errors.items()
    ]
    return format_table(columns, rows) if rows else ""
