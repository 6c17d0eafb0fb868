"""Resampled metrics of graphs as a Parquet file, from which the interval of any difference follows.

One row per graph: `graph`, its digest, and float32 lists [R] with how far each resample's `gap`,
`perr` and `hit_at_one` are from those of all videos; NaN for GAP of a resample without any label.

Resample r draws the same videos for all graphs, so the difference of two rows is that of pairs. The
schema's metadata has the `split`, the digest of `records`, `top_k`, the number of `videos`, the
`seed`, and the `level` of intervals.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from yt8m.atomic import replacing
from yt8m.errors import ArtefactError
from yt8m.metrics.tables import reading

METRICS = ("gap", "perr", "hit_at_one")
"""The metrics that are resampled. MAP is not: a mean over classes, many of which have few or no
positives in a resample, needs every class's entries and its intervals would be misleading."""

Resampled = Mapping[str, np.ndarray]
"""Metric -> float64 [R]."""


@dataclass(frozen=True)
class Resamples:
    """The content of a file. graphs: digest of a graph -> its resampled metrics."""

    split: str
    records: str
    top_k: int
    videos: int
    seed: int
    level: float
    graphs: Mapping[str, Resampled] = field(default_factory=dict)

    @property
    def draws(self) -> int:
        """Number of resamples."""
        return next((len(found["gap"]) for found in self.graphs.values()), 0)


NUMBERS = {"top_k": int, "videos": int, "seed": int, "level": float}


def write_resamples(path: Path, resamples: Resamples) -> None:
    """Write them atomically; equal resamples give equal bytes."""
    columns = {"graph": pa.array(list(resamples.graphs), pa.string())}
    for metric in METRICS:
        rows = [found[metric].astype(np.float32) for found in resamples.graphs.values()]
        columns[metric] = pa.array(rows, pa.list_(pa.float32()))
    words = ("split", "records", *NUMBERS)
    about = {word: str(getattr(resamples, word)) for word in words}
    with replacing(path) as temporary:
        pq.write_table(pa.table(columns, metadata=about), temporary, compression="zstd")


def read_resamples(path: Path, records: str | None = None) -> Resamples:
    """The content of a file that `write_resamples` wrote.

    records: digest of the expected records, where known.
    Raises ArtefactError for a file of another kind, damaged, or of other records.
    """
    first, again = "make it with `yt8m confidence`", "make it again"
    with reading(path, "a file of `yt8m confidence`", first, again) as (table, about):
        numbers = {word: kind(about[word]) for word, kind in NUMBERS.items()}
        graphs = dict(zip(table["graph"].to_pylist(), _rows(table), strict=True))
        found = Resamples(about["split"], about["records"], **numbers, graphs=graphs)
    if records not in (None, found.records):
        raise ArtefactError(f"{path}: is about other records; delete it and make it again")
    return found


def _rows(table: pa.Table) -> list[Resampled]:
    columns = {metric: table[metric].combine_chunks() for metric in METRICS}
    arrays = {
        metric: column.flatten().to_numpy().astype(np.float64).reshape(len(column), -1)
        for metric, column in columns.items()
    }
    return [{metric: arrays[metric][row] for metric in METRICS} for row in range(len(table))]
