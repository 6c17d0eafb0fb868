"""Tables of the page, which the template renders."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Cell:
    """One cell.

    below: a second line in small print. note: its tooltip. bar: length of a bar behind the number,
        0 to 1. rows: number of rows that the cell spans. mark: CSS classes, such as "best". key:
        what a sortable table sorts it by if not by its text (see `yt8m.report.sortable`).
    """

    text: str
    note: str = ""
    bar: float | None = None
    rows: int = 1
    mark: str = ""
    key: float | None = None
    below: str = ""


@dataclass(frozen=True)
class Column:
    """Title of a column; numbers are aligned right. mark: CSS classes of all its cells.

    A column with the mark "name" has the titles of the rows.
    """

    title: str
    number: bool = True
    note: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Row:
    """Cells from left to right; None where a cell from above spans this row."""

    cells: Sequence[Cell | None]
    mark: str = ""


@dataclass(frozen=True)
class Table:
    """Columns and rows."""

    columns: Sequence[Column]
    rows: Sequence[Row]


def plain(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> Table:
    """A table with plain text in all cells."""
    return Table(columns, [Row([Cell(text) for text in row]) for row in rows])


def names(title: str) -> list[Column]:
    """A column with the titles of the rows."""
    return [Column(title, number=False, mark="name")]


def words(*titles: str) -> list[Column]:
    """Columns of text."""
    return [Column(title, number=False) for title in titles]


def numbers(*titles: str) -> list[Column]:
    """Columns of numbers."""
    return [Column(title) for title in titles]
