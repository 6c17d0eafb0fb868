"""What quantisation saves and costs: one row per variable."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from yt8m.compression.storage import Encoded, decode
from yt8m.text_tables import format_table, numbers, words

COLUMNS = [
    *words("variable", "shape"),
    *numbers("elements"),
    *words("storage"),
    *numbers("before", "after", "mse", "max error"),
]

CHUNK = 2**20
"""Elements compared at a time, which bounds the float64 copies of a large variable."""


@dataclass(frozen=True)
class SizeRow:
    """One variable: its bytes before and after quantisation, and the errors of its values."""

    variable: str
    shape: tuple[int, ...]
    elements: int
    storage: str
    bytes_before: int
    bytes_after: int
    mean_squared_error: float
    max_error: float


def size_table(
    weights: Mapping[str, np.ndarray], stored: Mapping[str, np.ndarray | Encoded]
) -> list[SizeRow]:
    """One row per variable, the largest first.

    weights: the variables before. stored: the same names, after `quantise_weights`.
    """
    rows = [_row(name, values, stored[name]) for name, values in weights.items()]
    return sorted(rows, key=lambda row: (-row.bytes_after, row.variable))


def _row(name: str, values: np.ndarray, stored: np.ndarray | Encoded) -> SizeRow:
    encoded = isinstance(stored, Encoded)
    mean_squared, largest = _errors(values, decode(stored)) if encoded else (0.0, 0.0)
    return SizeRow(
        variable=name,
        shape=values.shape,
        elements=values.size,
        storage=stored.about if encoded else str(values.dtype),
        bytes_before=values.nbytes,
        bytes_after=stored.size_bytes if encoded else stored.nbytes,
        mean_squared_error=mean_squared,
        max_error=largest,
    )


def _errors(before: np.ndarray, after: np.ndarray) -> tuple[float, float]:
    """Mean squared and largest absolute difference, in float64, chunk by chunk."""
    before, after = before.ravel(), after.ravel()
    squares = largest = 0.0
    for start in range(0, before.size, CHUNK):
        piece = slice(start, start + CHUNK)
        error = np.abs(before[piece].astype(np.float64) - after[piece])
        largest = max(largest, float(error.max()))
        squares += float(np.square(error, out=error).sum())  # BLAS' sum depends on its threads
    return squares / max(before.size, 1), largest


def format_size_table(rows: Sequence[SizeRow]) -> str:
    """The rows as aligned text, bytes with thousands separators, and a line of totals."""
    cells = [_cells(row) for row in rows]
    before, after = (sum(getattr(r, f"bytes_{when}") for r in rows) for when in ("before", "after"))
    elements = sum(row.elements for row in rows)
    cells.append(("total", "", f"{elements:,}", "", f"{before:,}", f"{after:,}", "", ""))
    return format_table(COLUMNS, cells)


def _cells(row: SizeRow) -> tuple[str, ...]:
    shape = " x ".join(map(str, row.shape)) or "scalar"
    bytes_cells = (f"{row.bytes_before:,}", f"{row.bytes_after:,}")
    errors = (f"{row.mean_squared_error:.3g}", f"{row.max_error:.3g}")
    return (row.variable, shape, f"{row.elements:,}", row.storage, *bytes_cells, *errors)
