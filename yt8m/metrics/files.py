"""Results of an evaluation on disk: the metrics as JSON, the table of classes as Parquet."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from yt8m.atomic import replacing
from yt8m.errors import ArtefactError
from yt8m.json_files import NUMBER, TEXT, Maybe, read_json
from yt8m.metrics.origin import Origin
from yt8m.metrics.result import ClassTable, Result


def write_metrics(
    path: str | Path, result: Result, graph: str | None = None, records: str | None = None
) -> None:
    """Write the metrics as JSON with sorted keys; `classes` is their number, not the table.

    graph, records: digests of the evaluated graph and of the records.
    """
    metrics = vars(result) | {"classes": len(result.classes.positives)}
    metrics |= {"graph": graph, "records": records}
    text = json.dumps(metrics, sort_keys=True, indent=2, allow_nan=False)
    with replacing(path) as temporary:
        temporary.write_text(text + "\n", encoding="utf-8")


def summary(result: Result) -> str:
    """The metrics in two lines: their values, and what they are computed over."""
    classes = len(result.classes.positives)
    loss = "" if result.loss is None else f"  loss {result.loss:.4f}"
    return (
        f"GAP {result.gap:.4f}  MAP {result.map:.4f}  PERR {result.perr:.4f}  "
        f"Hit@1 {result.hit_at_one:.4f}{loss}\n"
        f"  {result.videos:,} videos, {result.videos_without_labels:,} of them without labels; "
        f"{result.classes_with_positives:,} of {classes:,} classes have positives, MAP over these "
        f"{result.map_present:.4f}"
    )


def read_metrics(
    path: str | Path, graph: str | None = None, records: str | None = None
) -> dict[str, float | int | None]:
    """The metrics that `write_metrics` wrote, by name.

    graph, records: digests of the expected graph and records, where known.
    Raises ArtefactError for a file of another kind, or metrics of another graph or other records.
    """
    wanted = dict.fromkeys(Result.__dataclass_fields__, NUMBER)
    wanted |= {"loss": Maybe(NUMBER), "graph": Maybe(TEXT), "records": Maybe(TEXT)}
    metrics = read_json(path, wanted)
    if set(metrics) != set(wanted):
        raise ArtefactError(f"{path}: is not a valid metrics file; expected {sorted(wanted)} in it")
    for word, expected, what in (
        ("graph", graph, "of a different graph"),
        ("records", records, "on different records"),
    ):
        found = metrics.pop(word)
        if None not in (found, expected) and found != expected:
            raise ArtefactError(
                f"{path}: holds metrics {what} than those given here; give the file that belongs "
                "to them, or evaluate again"
            )
    return metrics


def write_class_table(
    path: str | Path,
    table: ClassTable,
    names: Sequence[str] | None = None,
    origin: Origin | None = None,
) -> None:
    """Write one row per class: class, name (if given), positives, average precision, retrieved.

    names: C strings. origin: what the table is about, for the file's metadata.
    Raises ArtefactError if there are more or fewer names than classes.
    """
    classes = len(table.positives)
    columns = {"class": pa.array(np.arange(classes), pa.int32())}
    if names is not None:
        if len(names) != classes:
            raise ArtefactError(f"{path}: {len(names)} class names; expected {classes}")
        columns["name"] = pa.array(list(names), pa.string())
    columns["positives"] = pa.array(table.positives, pa.int64())
    columns["average_precision"] = pa.array(table.average_precision, pa.float64())
    columns["retrieved"] = pa.array(table.retrieved, pa.int64())
    with replacing(path) as temporary:
        pq.write_table(pa.table(columns, metadata=origin and vars(origin)), temporary)
