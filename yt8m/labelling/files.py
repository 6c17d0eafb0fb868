"""Labels as files for programs: JSON Lines, CSV or Parquet.

CSV and Parquet have a row for each label of each video or window:

id            of the video
scope         "video", or "window"
start, end    seconds
index, name   of the class
probability

In CSV, ids and names that a spreadsheet would read as formulas begin with an apostrophe, and their
control characters are escaped.

JSON Lines have an object for each video, with the same words: `labels`, and for windows `windows`.
`seconds` were read, and `length` is that of the whole video, if it is longer.
"""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol, TextIO

from yt8m.atomic import replacing
from yt8m.labelling.choice import Choice, Label
from yt8m.labelling.labelled import Labelled
from yt8m.outputs.submission import as_cell

COLUMNS = ("id", "scope", "start", "end", "index", "name", "probability")


class Writer(Protocol):
    """Takes the videos one after the other."""

    def __call__(self, video: Labelled) -> None:
        """Write the labels of a video."""


def writing(path: Path, choice: Choice, names: Sequence[str]) -> AbstractContextManager[Writer]:
    """A context that writes a file atomically; its ending, one of SUFFIXES, is the format."""
    return {".jsonl": _json_lines, ".csv": _csv, ".parquet": _parquet}[path.suffix](
        path, choice, names
    )


@contextmanager
def _json_lines(path: Path, choice: Choice, names: Sequence[str]) -> Iterator[Writer]:
    with _text(path) as lines:

        def write(video: Labelled) -> None:
            lines.write(json.dumps(as_json(video, choice, names), ensure_ascii=False) + "\n")

        yield write


@contextmanager
def _csv(path: Path, choice: Choice, names: Sequence[str]) -> Iterator[Writer]:
    with _text(path) as lines:
        rows = csv.writer(lines, lineterminator="\n")
        rows.writerow(COLUMNS)

        def write(video: Labelled) -> None:
            for row in as_rows(video, choice, names):
                texts = {word: as_cell(row[word]) for word in ("id", "name")}
                rows.writerow((row | texts).values())

        yield write


@contextmanager
def _parquet(path: Path, choice: Choice, names: Sequence[str]) -> Iterator[Writer]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = (
        pa.string(),
        pa.string(),
        pa.int32(),
        pa.int32(),
        pa.int32(),
        pa.string(),
        pa.float32(),
    )
    schema = pa.schema(list(zip(COLUMNS, kinds, strict=True)))
    with replacing(path) as temporary, pq.ParquetWriter(temporary, schema) as file:
        yield lambda video: file.write_table(
            pa.Table.from_pylist(list(as_rows(video, choice, names)), schema)
        )


@contextmanager
def _text(path: Path) -> Iterator[TextIO]:
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as lines:
        yield lines


def as_rows(video: Labelled, choice: Choice, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    """A row per label: COLUMNS -> values."""
    for scope, start, end, labels in _given(video, choice):
        for label in labels:
            about = (video.id, scope, start, end)
            yield dict(zip(COLUMNS, (*about, *_label(label, names).values()), strict=True))


def as_json(video: Labelled, choice: Choice, names: Sequence[str]) -> dict[str, Any]:
    """The object of one video."""
    (_, _, _, labels), *windows = (
        (scope, start, end, [_label(label, names) for label in labels])
        for scope, start, end, labels in _given(video, choice)
    )
    about = {"id": video.id, "file": video.place, "seconds": video.seconds}
    if video.is_cut:
        about["length"] = video.length
    about |= {"absent": list(video.absent), "labels": labels}
    if windows:
        about["windows"] = [{"start": a, "end": b, "labels": some} for _, a, b, some in windows]
    return about


def _label(label: Label, names: Sequence[str]) -> Mapping[str, Any]:
    probability = float(f"{label.probability:.6g}")
    return {"index": label.index, "name": names[label.index], "probability": probability}


def _given(video: Labelled, choice: Choice) -> Iterator[tuple[str, int, int, list[Label]]]:
    """Scope, first second, end and labels: of the video, then of each window."""
    yield "video", 0, video.seconds, choice.of(video.predictions)
    if video.over_time is not None:
        for (start, end), predictions in zip(video.parts, video.over_time, strict=True):
            yield "window", start, end, choice.of(predictions)
