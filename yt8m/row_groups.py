"""Parquet row groups of a fixed length, whatever the length of the batches that are appended."""

import pyarrow as pa
import pyarrow.parquet as pq

ROW_GROUP = 8192
"""Rows per group, so that files do not depend on the batch size and memory is bounded."""


class RowGroups:
    """Collects batches and writes full row groups; `finish` writes the last one."""

    def __init__(self, file: pq.ParquetWriter, schema: pa.Schema):
        self._file = file
        self._schema = schema
        self._pending: list[pa.RecordBatch] = []
        self._rows = 0

    def append(self, rows: pa.RecordBatch) -> None:
        """Append rows in their order."""
        self._pending.append(rows)
        self._rows += len(rows)
        while self._rows >= ROW_GROUP:
            self._write()

    def finish(self) -> None:
        """Write the rows that are left."""
        self._write()

    def _write(self) -> None:
        """Write one row group, and keep the remaining rows."""
        rows = pa.Table.from_batches(self._pending, self._schema)
        if rows.num_rows:
            self._file.write_table(rows.slice(0, ROW_GROUP).combine_chunks())
        rest = rows.slice(ROW_GROUP)
        self._pending, self._rows = rest.to_batches(), rest.num_rows
