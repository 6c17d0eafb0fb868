"""Counts of probabilities by class and bin as a Parquet file, so that thresholds can be chosen in
several ways without predicting again.

A row per class and bin that has any videos: class, bin, videos, positives. The schema's metadata
has the number of `classes` and of `bins`, the `split`, and the digests of `graph` and `records`.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from yt8m.atomic import replacing
from yt8m.calibration.bins import BINS
from yt8m.errors import ArtefactError
from yt8m.files import check_regular
from yt8m.metrics.origin import Origin


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
    about = {**vars(scores.origin), "classes": str(len(scores.videos)), "bins": str(BINS)}
    with replacing(path) as temporary:
        pq.write_table(pa.table(columns, metadata=about), temporary)


def read_scores(path: Path, graph: str | None = None, records: str | None = None) -> Scores:
    """The counts that `write_scores` wrote.

    graph, records: digests of the expected graph and records, where known.
    Raises ArtefactError for a file of another kind, damaged, of another graph or other records.
    """
    try:
        check_regular(path)
        table = pq.read_table(path)
        about = {key.decode(): text.decode() for key, text in (table.schema.metadata or {}).items()}
        origin = Origin(*(about[key] for key in ("split", "graph", "records")))
        shape = int(about["classes"]), int(about["bins"])
        cells = np.ravel_multi_index((table["class"].to_numpy(), table["bin"].to_numpy()), shape)
        videos, positives = (_filled(shape, cells, table[w]) for w in ("videos", "positives"))
    except FileNotFoundError:
        raise ArtefactError(f"{path}: no such file; evaluate first") from None
    except (KeyError, OSError, ValueError, pa.ArrowInvalid) as error:
        raise ArtefactError(
            f"{path}: is not a file of `yt8m evaluate --scores-out` ({error}); evaluate again"
        ) from None
    if shape[1] != BINS or not videos.any(axis=1).all() or (positives > videos).any():
        raise ArtefactError(f"{path}: its counts are not those of this version; evaluate again")
    if what := origin.other_than(graph, records):
        raise ArtefactError(f"{path}: holds scores of {what}; delete it and evaluate again")
    return Scores(videos, positives, origin)


def _filled(shape: tuple[int, int], cells: np.ndarray, column: pa.ChunkedArray) -> np.ndarray:
    counts = np.zeros(shape, np.int64)
    counts.ravel()[cells] = column.to_numpy()
    return counts
