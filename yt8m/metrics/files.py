"""Results of an evaluation on disk: the measures as JSON, the table of classes as Parquet."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from yt8m.atomic import replacing
from yt8m.errors import ArtefactError
from yt8m.json_files import NUMBER, Maybe, read_json
from yt8m.metrics.result import ClassTable, Result


def write_metrics(path: str | Path, result: Result) -> None:
    """Write the measures as JSON with sorted keys; `classes` is their number, not the table."""
    measures = vars(result) | {"classes": len(result.classes.positives)}
    text = json.dumps(measures, sort_keys=True, indent=2, allow_nan=False)
    with replacing(path) as temporary:
        temporary.write_text(text + "\n", encoding="utf-8")


def in_words(result: Result) -> str:
    """The measures in two lines: what they are, and what they are taken over."""
    classes = len(result.classes.positives)
    loss = "" if result.loss is None else f"  loss {result.loss:.4f}"
    return (
        f"GAP {result.gap:.4f}  MAP {result.map:.4f}  PERR {result.perr:.4f}  "
        f"Hit@1 {result.hit_at_one:.4f}{loss}\n"
        f"  {result.videos:,} videos, {result.videos_without_labels:,} of them without a label; "
        f"{result.classes_with_positives:,} of {classes:,} classes with a positive, over which "
        f"MAP is {result.map_present:.4f}"
    )


def read_metrics(path: str | Path) -> dict[str, float | int | None]:
    """The measures that `write_metrics` wrote, by name.

    Raises ArtefactError for a file of another kind.
    """
    wanted = dict.fromkeys(Result.__dataclass_fields__, NUMBER) | {"loss": Maybe(NUMBER)}
    measures = read_json(path, wanted)
    if set(measures) != set(wanted):
        raise ArtefactError(f"{path}: is no metrics file; expected {sorted(wanted)} in it")
    return measures


def write_class_table(
    path: str | Path, table: ClassTable, names: Sequence[str] | None = None
) -> None:
    """Write one row a class: class, name (where given), positives, average precision, retrieved.

    names: C strings. Raises ArtefactError when there are more or fewer.
    """
    classes = len(table.positives)
    columns = {"class": pa.array(np.arange(classes), pa.int32())}
    if names is not None:
        if len(names) != classes:
            raise ArtefactError(f"{path}: {len(names)} names of classes; expected {classes}")
        columns["name"] = pa.array(list(names), pa.string())
    columns["positives"] = pa.array(table.positives, pa.int64())
    columns["average_precision"] = pa.array(table.average_precision, pa.float64())
    columns["retrieved"] = pa.array(table.retrieved, pa.int64())
    with replacing(path) as temporary:
        pq.write_table(pa.table(columns), temporary)
