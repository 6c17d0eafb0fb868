"""Parquet files: `file.parquet:column`, a column of lists with a frame (second) per row."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain

import numpy as np

from yt8m.files import check_regular
from yt8m.own_data.formats.array import Array, Unsuitable, named

ROWS = 512
"""Frames that are decoded at a time."""


@contextmanager
def opened(path: str, inside: str, feature: str) -> Iterator[Array]:
    """The column of that name; without a name the feature's, or the only one."""
    import pyarrow.parquet as pq

    check_regular(path)
    with pq.ParquetFile(path) as file:
        name = named(inside, feature, file.schema_arrow.names, "columns")
        _check_type(file.schema_arrow.field(name).type, name)
        parts = (_rows(part, name) for part in file.iter_batches(ROWS, columns=[name]))
        first = next(parts, np.zeros((0, 0), np.float32))

        def read(rows: int) -> np.ndarray:
            found, count = [], 0
            for part in chain([first], parts):
                if part.shape[1] != first.shape[1]:
                    raise Unsuitable(_DIFFER.format(name, first.shape[1], part.shape[1]))
                found.append(part[: rows - count])
                count += len(found[-1])
                if count == rows:
                    break
            return np.concatenate(found)

        yield Array((file.metadata.num_rows, first.shape[1]), first.dtype, read)


_DIFFER = "has frames of different lengths in column {!r}: {} and {} values"


def _check_type(kind, name: str) -> None:
    import pyarrow.types as types

    is_list = types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind)
    inner = kind.value_type if is_list else kind
    if not is_list or not (types.is_floating(inner) or types.is_integer(inner)):
        raise Unsuitable(f"has {kind} in column {name!r}; expected a list of numbers in each row")


def _rows(part, name: str) -> np.ndarray:
    """The frames of a part of the file, [rows, R]."""
    import pyarrow.compute as pc

    column = part.column(0)
    lengths = pc.list_value_length(column)
    shortest, longest = pc.min_max(lengths).values()
    if column.null_count:
        raise Unsuitable(f"has frames without a value in column {name!r}; leave them out")
    if shortest != longest:
        raise Unsuitable(_DIFFER.format(name, shortest, longest))
    values = column.flatten()
    if values.null_count:
        raise Unsuitable(f"has missing values inside frames of column {name!r}; fill them in")
    return values.to_numpy(zero_copy_only=False).reshape(len(column), longest.as_py())
