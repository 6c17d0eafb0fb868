"""What single videos contribute to the metrics as a Parquet file, written as a stream.

One row per video, in the order of the records:

id                 string
positives          int32, number of its labels
scores             fixed_size_list<float32>[k], probabilities of its best classes, highest first
hits               fixed_size_list<bool>[k], which of these classes are true
equal_recall_hits  int32, how many of its best `positives` classes are true
loss               float64

The schema's metadata has `top_k` (the k above), the `split`, and the digests of `graph` and of
`records`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from yt8m.metrics.origin import Origin
from yt8m.metrics.tables import reading
from yt8m.metrics.video_scores import VideoScores
from yt8m.row_groups import StreamedTable

SPLIT_BYTES = {"scores.list.element": "BYTE_STREAM_SPLIT", "loss": "BYTE_STREAM_SPLIT"}
"""Encodings of floats: their exponents next to each other compress better."""


@dataclass(frozen=True)
class Videos:
    """The content of a file: ids of N videos, their ingredients, and losses, float64 [N]."""

    origin: Origin
    ids: pa.ChunkedArray
    scores: VideoScores
    losses: np.ndarray

    @property
    def top_k(self) -> int:
        """Best classes of each video that are kept."""
        return self.scores.scores.shape[1]


class VideoWriter(StreamedTable):
    """Write the file batch by batch inside a `with` block; after an exception nothing is left.

    top_k: best classes per video, at most the number of classes.
    """

    def __init__(self, path: Path, top_k: int, origin: Origin):
        about = {"top_k": str(top_k), **vars(origin)}
        super().__init__(
            path,
            pa.schema(_fields(top_k), metadata=about),
            compression="zstd",
            use_dictionary=["positives", "equal_recall_hits"],
            column_encoding=SPLIT_BYTES,
        )

    def add(self, ids: Sequence[str], losses: np.ndarray, scores: VideoScores) -> None:
        """Append B videos. losses: float64 [B]."""
        columns = [
            pa.array(list(ids), pa.string()),
            pa.array(scores.positives, pa.int32()),
            _lists(scores.scores),
            _lists(scores.hits),
            pa.array(scores.equal_recall_hits, pa.int32()),
            pa.array(losses, pa.float64()),
        ]
        self._append(pa.record_batch(columns, schema=self._schema))


def read_videos(path: Path, graph: str | None = None, records: str | None = None) -> Videos:
    """The content of a file that `VideoWriter` wrote.

    graph, records: digests of the expected graph and records, where known.
    Raises ArtefactError for a file of another kind, damaged, of another graph or other records.
    """
    with reading(path, "a file of `yt8m evaluate --videos-out`") as (table, about):
        origin = Origin.of(about)
        found = _content(table.cast(pa.schema(_fields(int(about["top_k"])))), origin)
    origin.check(path, graph, records, "holds videos of")
    return found


def _fields(top_k: int) -> list[pa.Field]:
    kinds = {
        "id": pa.string(),
        "positives": pa.int32(),
        "scores": pa.list_(pa.field("element", pa.float32(), nullable=False), top_k),
        "hits": pa.list_(pa.field("element", pa.bool_(), nullable=False), top_k),
        "equal_recall_hits": pa.int32(),
        "loss": pa.float64(),
    }
    return [pa.field(name, kind, nullable=False) for name, kind in kinds.items()]


def _content(table: pa.Table, origin: Origin) -> Videos:
    arrays = {name: table[name].combine_chunks() for name in table.column_names}
    k = table.schema.field("scores").type.list_size
    lists = {
        name: arrays[name].flatten().to_numpy(zero_copy_only=False).reshape(-1, k)
        for name in ("scores", "hits")
    }
    counts = {
        name: arrays[name].to_numpy().astype(np.int64)
        for name in ("positives", "equal_recall_hits")
    }
    return Videos(origin, table["id"], VideoScores(**lists, **counts), arrays["loss"].to_numpy())


def _lists(values: np.ndarray) -> pa.FixedSizeListArray:
    """Values [B, k] -> B lists of k."""
    kind = pa.field("element", pa.from_numpy_dtype(values.dtype), nullable=False)
    return pa.FixedSizeListArray.from_arrays(
        pa.array(values.ravel()), type=pa.list_(kind, values.shape[1])
    )
