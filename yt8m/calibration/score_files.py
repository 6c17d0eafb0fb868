"""Counts of probabilities by class and bin as a Parquet file, so that thresholds can be chosen in
several ways without predicting again.

A row per class and bin that has any videos: class, bin, videos, positives. The schema's metadata
has the number of `classes` and of `bins`, the `split`, and the digests of `graph` and `records`.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from yt8m.calibration.bins import BINS
from yt8m.errors import ArtefactError
from yt8m.metrics.origin import Origin
from yt8m.metrics.tables import reading, write_table


@dataclass(frozen=True)
class Scores:
    """Counts of all videos and of those with the label, integers [C, BINS], and their origin."""

    videos: np.ndarray
    positives: np.ndarray
    origin: Origin


def write_scores(path: Path, scores: Scores) -> None:
    """Write them atomically; equal counts give equal bytes."""
    cells = np.flatnonzero(scores.videos)
    classes, bins = np.divmod(cells, BINS)
    columns = {
        "class": pa.array(classes, pa.int32()),
        "bin": pa.array(bins, pa.int16()),
        "videos": pa.array(scores.videos.ravel()[cells], pa.int64()),
        "positives": pa.array(scores.positives.ravel()[cells], pa.int64()),
    }
    numbers = {"classes": len(scores.videos), "bins": BINS}
    write_table(path, pa.table(columns), scores.origin, **numbers)


def read_scores(path: Path, graph: str | None = None, records: str | None = None) -> Scores:
    """The counts that `write_scores` wrote.

    graph, records: digests of the expected graph and records, where known.
    Raises ArtefactError for a file of another kind, damaged, of another graph or other records.
    """
    with reading(path, "a file of `yt8m evaluate --scores-out`") as (table, about):
        origin = Origin.of(about)
        shape = int(about["classes"]), int(about["bins"])
        cells = np.ravel_multi_index((table["class"].to_numpy(), table["bin"].to_numpy()), shape)
        videos, positives = (_filled(shape, cells, table[w]) for w in ("videos", "positives"))
    if shape[1] != BINS or not videos.any(axis=1).all() or (positives > videos).any():
        raise ArtefactError(f"{path}: its counts are not those of this version; evaluate again")
    origin.check(path, graph, records, "holds scores of")
    return Scores(videos, positives, origin)


def _filled(shape: tuple[int, int], cells: np.ndarray, column: pa.ChunkedArray) -> np.ndarray:
    counts = np.zeros(shape, np.int64)
    counts.ravel()[cells] = column.to_numpy()
    return counts
