"""Pairs of a label and a class that is predicted in its place, as a Parquet file.

A row per pair, the most frequent first: label, label_name, predicted, predicted_name, count,
positives, share. The schema's metadata has the `split`, the digests of `graph` and `records`, the
number of all `pairs`, of which the file has at most `KEPT`, and of all `false_predictions`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from yt8m.metrics.origin import Origin
from yt8m.metrics.tables import reading, write_table

KEPT = 100_000
"""Most pairs of a file."""

_COLUMNS = ("label", "label_name", "predicted", "predicted_name", "count", "positives", "share")


@dataclass(frozen=True)
class Confusions:
    """n pairs, the most frequent first, and the numbers of all pairs and of all false predictions.

    labels, predicted: classes, int64 [n], and their names. counts: labels whose place the class
    takes (see `yt8m.error_analysis.confusions`), float64 [n]. positives: videos with the label,
    int64 [n].
    """

    origin: Origin
    labels: np.ndarray
    predicted: np.ndarray
    counts: np.ndarray
    positives: np.ndarray
    label_names: Sequence[str]
    predicted_names: Sequence[str]
    pairs: int
    false_predictions: int

    @property
    def shares(self) -> np.ndarray:
        """The counts as shares of the videos with the label: float64 [n]."""
        return self.counts / self.positives

    def write(self, path: Path) -> None:
        """Write the file atomically; equal content gives equal bytes."""
        columns = (
            pa.array(self.labels, pa.int32()),
            pa.array(self.label_names, pa.string()),
            pa.array(self.predicted, pa.int32()),
            pa.array(self.predicted_names, pa.string()),
            pa.array(self.counts, pa.float64()),
            pa.array(self.positives, pa.int64()),
            pa.array(self.shares, pa.float64()),
        )
        numbers = {"pairs": self.pairs, "false_predictions": self.false_predictions}
        write_table(path, pa.table(columns, _COLUMNS), self.origin, **numbers)


def read_confusions(path: Path, graph: str | None = None, records: str | None = None) -> Confusions:
    """What `Confusions.write` wrote.

    graph, records: digests of the expected graph and records, where known.
    Raises ArtefactError for anything else, or of another graph or other records.
    """
    with reading(path, "a file of `yt8m evaluate --confusions-out`") as (table, about):
        found = _content(table.select(_COLUMNS), about)
    found.origin.check(path, graph, records)
    return found


def _content(table: pa.Table, about: Mapping[str, str]) -> Confusions:
    label, label_name, predicted, predicted_name, count, positives, _ = table.columns
    return Confusions(
        Origin.of(about),
        label.to_numpy().astype(np.int64),
        predicted.to_numpy().astype(np.int64),
        count.to_numpy(),
        positives.to_numpy(),
        label_name.to_pylist(),
        predicted_name.to_pylist(),
        **{word: int(about[word]) for word in ("pairs", "false_predictions")},
    )
