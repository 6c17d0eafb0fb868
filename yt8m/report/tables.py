"""Tables of the page: cells with what is said about them; the template draws them."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Cell:
    """One cell.

    note: more exact words, shown under the pointer. bar: length of a bar behind the number, 0 to
    1. rows: how many rows the cell spans. mark: words for the style sheet, such as "best".
    """

    text: str
    note: str = ""
    bar: float | None = None
    rows: int = 1
    mark: str = ""


@dataclass(frozen=True)
class Column:
    """Title of a column; numbers stand on the right."""

    title: str
    number: bool = True
    note: str = ""


@dataclass(frozen=True)
class Row:
    """Cells from left to right; None where a cell from above reaches down."""

    cells: Sequence[Cell | None]
    mark: str = ""


@dataclass(frozen=True)
class Table:
    """Columns and rows."""

    columns: Sequence[Column]
    rows: Sequence[Row]


def plain(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> Table:
    """A table whose cells are texts and nothing else."""
    return Table(columns, [Row([Cell(text) for text in row]) for row in rows])


def words(*titles: str) -> list[Column]:
    """Columns of texts."""
    return [Column(title, number=False) for title in titles]


def numbers(*titles: str) -> list[Column]:
    """Columns of numbers."""
    return [Column(title) for title in titles]
