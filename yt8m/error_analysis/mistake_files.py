"""The videos that a graph gets most wrong, as a Parquet file.

A row per kind and video, the first of its kind first: kind, rank, id, loss; class, name and
probability of the class that the kind is about, if it is about one; labels and predictions, lists
of class, name and probability. The schema's metadata has the `split`, and the digests of `graph`
and `records`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from yt8m.error_analysis.videos import Scored, Video
from yt8m.metrics.origin import Origin
from yt8m.metrics.tables import reading, write_table

LARGEST_LOSS, SMALLEST_LOSS = "largest_loss", "smallest_loss"
FALSE_PREDICTION, MISSED_LABEL = "false_prediction", "missed_label"
KINDS = (LARGEST_LOSS, FALSE_PREDICTION, MISSED_LABEL, SMALLEST_LOSS)
"""The largest loss first; the most probable false class; the least probable label; the smallest
loss."""

_CLASS = {"class": pa.int32(), "name": pa.string(), "probability": pa.float32()}
_SCHEMA = pa.schema(
    {
        "kind": pa.string(),
        "rank": pa.int32(),
        "id": pa.string(),
        "loss": pa.float64(),
        **_CLASS,
        "labels": pa.list_(pa.struct(_CLASS)),
        "predictions": pa.list_(pa.struct(_CLASS)),
    }
)


@dataclass(frozen=True)
class Mistake:
    """A video. wrong: the class that is predicted falsely, or the label that is missed, if any."""

    video: Video
    wrong: Scored | None = None


@dataclass(frozen=True)
class Mistakes:
    """The videos of each kind, ordered as its entry in `KINDS` says. names: of the C classes, or,
    from a file, of those that it mentions.
    """

    origin: Origin
    names: Sequence[str] | Mapping[int, str]
    found: Mapping[str, Sequence[Mistake]]

    def write(self, path: Path) -> None:
        """Write the file atomically; equal content gives equal bytes."""
        rows = [row for kind in KINDS for row in self._rows(kind)]
        write_table(path, pa.Table.from_pylist(rows, _SCHEMA), self.origin)

    def _rows(self, kind: str) -> Iterator[dict[str, Any]]:
        for rank, mistake in enumerate(self.found[kind], start=1):
            video = mistake.video
            yield {
                "kind": kind,
                "rank": rank,
                "id": video.id,
                "loss": video.loss,
                **(self._entry(mistake.wrong) if mistake.wrong else {}),
                "labels": [self._entry(each) for each in video.labels],
                "predictions": [self._entry(each) for each in video.predictions],
            }

    def _entry(self, scored: Scored) -> dict[str, Any]:
        name = self.names[scored.index]
        return {"class": scored.index, "name": name, "probability": scored.probability}


def read_mistakes(path: Path, graph: str | None = None, records: str | None = None) -> Mistakes:
    """What `Mistakes.write` wrote.

    graph, records: digests of the expected graph and records, where known.
    Raises ArtefactError for anything else, or of another graph or other records.
    """
    with reading(path, "a file of `yt8m evaluate --mistakes-out`") as (table, about):
        found = _content(table.select(_SCHEMA.names).cast(_SCHEMA), Origin.of(about))
    found.origin.check(path, graph, records)
    return found


def _content(table: pa.Table, origin: Origin) -> Mistakes:
    names: dict[int, str] = {}
    found: dict[str, list[Mistake]] = {kind: [] for kind in KINDS}
    for row in table.to_pylist():
        labels, predictions = (_scored(row[word]) for word in ("labels", "predictions"))
        own = [row] if row["class"] is not None else []
        names |= {e["class"]: e["name"] for e in (*own, *row["labels"], *row["predictions"])}
        video = Video(row["id"], row["loss"], labels, predictions)
        found[row["kind"]].append(Mistake(video, next(iter(_scored(own)), None)))
    return Mistakes(origin, names, found)


def _scored(entries: Sequence[Mapping[str, Any]]) -> list[Scored]:
    return [Scored(entry["class"], entry["probability"]) for entry in entries]
