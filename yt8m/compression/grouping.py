"""Which elements of a variable share a codebook: all, adjacent rows, or adjacent columns.

A variable is seen as a matrix [R, C]: its last axis gives the columns, all others the rows. G
groups of rows are as equal as possible: row r belongs to group r * G // R; likewise for columns.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Literal

Codebooks = Literal["variable", "rows", "columns"]


def matrix_shape(shape: Sequence[int]) -> tuple[int, int]:
    """(R, C) of a variable that is not empty; a scalar or vector is one row."""
    columns = shape[-1] if shape else 1
    return math.prod(shape) // columns, columns


def group_counts(shape: Sequence[int], codebooks: str, group: int) -> tuple[int, int]:
    """Number of groups of rows and of columns of a variable that is not empty; one of them is 1.

    codebooks: see `Codebooks`. group: the most rows or columns that share a codebook. A scalar
    or vector is one group.
    """
    rows, columns = matrix_shape(shape)
    if codebooks == "variable" or len(shape) < 2:
        return 1, 1
    return (-(-rows // group), 1) if codebooks == "rows" else (1, -(-columns // group))


def blocks(matrix: Sequence[int], groups: Sequence[int]) -> Iterator[tuple[slice, slice]]:
    """Slices of a matrix, group by group. matrix: (R, C). groups: from `group_counts`."""
    for rows in _runs(matrix[0], groups[0]):
        for columns in _runs(matrix[1], groups[1]):
            yield rows, columns


def _runs(length: int, groups: int) -> Iterator[slice]:
    for g in range(groups):
        yield slice(-(-g * length // groups), -(-(g + 1) * length // groups))
