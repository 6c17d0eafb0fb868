"""Parquet files that are written as a stream, in row groups of a fixed length."""

from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from yt8m.atomic import replacing

ROW_GROUP = 8192
"""Rows per group, so that files do not depend on the batch size and memory is bounded."""


class StreamedTable:
    """A Parquet file that is written batch by batch inside a `with` block.

    It is written atomically: after an exception nothing is left.

    encoding: options of `ParquetWriter`.
    """

    def __init__(self, path: str | Path, schema: pa.Schema, **encoding: Any):
        self.path = Path(path)
        self._schema = schema
        self._encoding = encoding
        self._pending: list[pa.RecordBatch] = []
        self._rows = 0

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            temporary = stack.enter_context(replacing(self.path))
            file = pq.ParquetWriter(temporary, self._schema, **self._encoding)
            self._file = stack.enter_context(file)
            self._open = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            with self._open:
                self._write()
        else:
            self._open.__exit__(kind, error, trace)

    def _append(self, rows: pa.RecordBatch) -> None:
        """Append rows in their order."""
        self._pending.append(rows)
        self._rows += len(rows)
        while self._rows >= ROW_GROUP:
            self._write()

    def _write(self) -> None:
        """Write one row group, and keep the remaining rows."""
        rows = pa.Table.from_batches(self._pending, self._schema)
        if rows.num_rows:
            self._file.write_table(rows.slice(0, ROW_GROUP).combine_chunks())
        rest = rows.slice(ROW_GROUP)
        self._pending, self._rows = rest.to_batches(), rest.num_rows
