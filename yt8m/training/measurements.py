"""Rows of a training history that hold a validation: which is the best, and when to stop."""

from collections.abc import Mapping, Sequence
from typing import Any

VALIDATION = ("validation_loss", "validation_gap")
"""Columns of a training history with validation; blank in rows without a measurement."""

Row = Mapping[str, Any]


def measured(rows: Sequence[Row]) -> list[Row]:
    """The rows with a measurement."""
    return [row for row in rows if VALIDATION[0] in row]


def best_row(rows: Sequence[Row]) -> Row | None:
    """The measurement with the highest GAP, the first of equals; None without any."""
    return max(measured(rows), key=lambda row: row["validation_gap"], default=None)


def misses(rows: Sequence[Row]) -> int:
    """How many measurements there are after the best one."""
    best = best_row(rows)
    return sum(row["step"] > best["step"] for row in measured(rows)) if best else 0
