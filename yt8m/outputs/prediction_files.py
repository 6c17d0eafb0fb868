"""Predictions of every video, as a Parquet file that is written and read as a stream.

One row per video, in the order of the records:

id       string
labels   list<uint16>, ascending; null if unknown
classes  list<uint16>, the most probable first; of equal probabilities the lower class first
scores   list<float32>, the probabilities of these classes
names    list<string>, the names of these classes; only if `with_names` has added them

The schema's metadata has the number of predictions kept (`top_k`) and of `classes`; if they are
known, also the digests of the `graph` and of the `records`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from yt8m.errors import ArtefactError
from yt8m.files import check_regular
from yt8m.metrics.ranking import top_k
from yt8m.row_groups import StreamedTable

FIELDS = [
    pa.field("id", pa.string(), nullable=False),
    pa.field("labels", pa.list_(pa.uint16())),
    pa.field("classes", pa.list_(pa.uint16()), nullable=False),
    pa.field("scores", pa.list_(pa.float32()), nullable=False),
]
NAMES = pa.field("names", pa.list_(pa.string()), nullable=False)

NOT_KNOWN: Mapping[str, str] = {}
OTHERS = {"graph": "of another graph than this one", "records": "for other records than these"}


@dataclass(frozen=True)
class PredictedVideo:
    """One row. labels: ascending, or None if unknown. classes, scores: the most probable first."""

    id: str
    labels: list[int] | None
    classes: list[int]
    scores: list[float]


class PredictionWriter(StreamedTable):
    """Write a file of predictions, batch by batch, inside a `with` block.

    The file is written atomically: after an exception nothing is left.

    top_k: most classes to keep per video.
    classes: C, at most 65,536.
    origin: digests of the graph and of its records, by the keys "graph" and "records".
    """

    def __init__(
        self, path: str | Path, top_k: int, classes: int, origin: Mapping[str, str] = NOT_KNOWN
    ):
        if not 1 <= classes <= 2**16:
            raise ArtefactError(
                f"{path}: {classes} classes; a file of predictions supports 1 to 65536"
            )
        if top_k < 1:
            raise ArtefactError(f"{path}: top_k is {top_k}; expected 1 or more")
        self.top_k = min(top_k, classes)
        self.classes = classes
        self.videos = 0
        about = {"top_k": str(self.top_k), "classes": str(classes), **origin}
        super().__init__(path, pa.schema(FIELDS, metadata=about))

    def write(
        self, ids: Sequence[str], predictions: np.ndarray, labels: np.ndarray | None = None
    ) -> None:
        """Append B videos.

        ids: B strings. predictions: float32 [B, C]. labels: bool [B, C], or None if unknown.

        Raises ArtefactError for a wrong shape, and for a prediction that is not finite, naming the
        video.
        """
        self._check(ids, predictions, labels)
        classes, scores = top_k(predictions, self.top_k)
        columns = [
            pa.array(list(ids), pa.string()),
            pa.nulls(len(ids), FIELDS[1].type) if labels is None else _label_lists(labels),
            _lists(classes.astype(np.uint16)),
            _lists(scores),
        ]
        self._append(pa.record_batch(columns, schema=self._schema))

    def copy(self, path: str | Path) -> None:
        """Append the videos of another file. Raises ArtefactError if it does not fit."""
        with open_predictions(path) as file:
            about = file.schema_arrow.metadata
            if any(about[word] != value for word, value in self._schema.metadata.items()):
                raise ArtefactError(
                    f"{path}: its classes, top_k or origin differ from those of "
                    f"{self.path}; delete it and predict again"
                )
            for group in range(file.num_row_groups):
                for batch in file.read_row_group(group).cast(self._schema).to_batches():
                    self._append(batch)

    def _append(self, rows: pa.RecordBatch) -> None:
        super()._append(rows)
        self.videos += len(rows)

    def _check(self, ids: Sequence[str], predictions: np.ndarray, labels) -> None:
        expected = (len(ids), self.classes)
        for what, array, dtype in (
            ("predictions", predictions, np.float32),
            ("labels", labels, bool),
        ):
            if array is not None and (array.shape != expected or array.dtype != dtype):
                raise ArtefactError(
                    f"{self.path}: {what} are {array.dtype} {array.shape}; "
                    f"expected {np.dtype(dtype)} {expected}"
                )
        if not np.isfinite(predictions).all():
            video, label = np.argwhere(~np.isfinite(predictions))[0]
            raise ArtefactError(
                f"{self.path}: video {self.videos + video} (counted from 0), {ids[video]!r}: the "
                f"prediction of class {label} is {predictions[video, label]}; the graph's weights, "
                "or the video's features, are damaged"
            )


def read_predictions(path: str | Path) -> Iterator[PredictedVideo]:
    """The videos of a file of predictions, in order, in bounded memory.

    Raises ArtefactError for a file that is damaged or of another kind.
    """
    with open_predictions(path) as file:
        for group in range(file.num_row_groups):
            try:
                columns = file.read_row_group(group, [f.name for f in FIELDS]).to_pydict()
            except (OSError, pa.ArrowException) as error:
                raise ArtefactError(f"{path}: row group {group} is damaged ({error})") from None
            yield from map(PredictedVideo, *columns.values())


def with_names(path: str | Path, names: Sequence[str], out: Path) -> None:
    """Copy a file of predictions, with the name of each class beside its probability.

    names: of all C classes.
    """
    named = pa.array(names, pa.string())
    with open_predictions(path) as file:
        schema = file.schema_arrow.append(NAMES)
        with pq.ParquetWriter(out, schema) as copy:
            for group in range(file.num_row_groups):
                rows = file.read_row_group(group).combine_chunks()
                classes = rows.column("classes").chunk(0)
                found = named.take(classes.flatten())
                lists = pa.ListArray.from_arrays(classes.offsets, found)
                copy.write_table(rows.append_column(NAMES, lists))


def check_predictions(path: str | Path, **origin: str | None) -> None:
    """Raises ArtefactError unless a file holds the predictions of a graph for some records.

    origin: their digests, by the keys "graph" and "records"; unknown ones are not checked.
    """
    with open_predictions(path) as file:
        about = file.schema_arrow.metadata
    for word, expected in origin.items():
        found = about.get(word.encode(), b"").decode()
        if found and expected and found != expected:
            raise ArtefactError(
                f"{path}: holds predictions {OTHERS[word]}; delete it and predict again"
            )


def read_about(path: str | Path) -> dict[str, str]:
    """The metadata of a file of predictions. Raises ArtefactError as `read_predictions` does."""
    with open_predictions(path) as file:
        about = file.schema_arrow.metadata
    return {word.decode(): value.decode(errors="replace") for word, value in about.items()}


def open_predictions(path: str | Path) -> pq.ParquetFile:
    """The Parquet file, after a check of its schema.

    Raises ArtefactError for a file that is missing, damaged or of another kind.
    """
    try:
        check_regular(path)
        file = pq.ParquetFile(path)
    except (OSError, pa.ArrowException) as error:
        raise ArtefactError(f"{path}: cannot be read as predictions ({error})") from None
    schema = file.schema_arrow
    names = [field.name for field in FIELDS]
    others = [name for name in schema.names if name != NAMES.name]
    if others != names or not {b"top_k", b"classes"} <= set(schema.metadata or {}):
        file.close()
        raise ArtefactError(f"{path}: is not a file of predictions; expected the columns {names}")
    return file


def _lists(values: np.ndarray) -> pa.ListArray:
    """Values [B, k] -> B lists of k."""
    offsets = np.arange(len(values) + 1, dtype=np.int32) * values.shape[1]
    return pa.ListArray.from_arrays(offsets, pa.array(values.ravel()))


def _label_lists(labels: np.ndarray) -> pa.ListArray:
    """Labels bool [B, C] -> B lists of the true classes."""
    offsets = np.concatenate([[0], np.cumsum(labels.sum(axis=1))]).astype(np.int32)
    return pa.ListArray.from_arrays(offsets, pa.array(np.nonzero(labels)[1].astype(np.uint16)))
