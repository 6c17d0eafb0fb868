"""Tables as text: aligned columns without lines or colours, the same on a terminal and in a log."""

import shutil
import sys
from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.measure import Measurement
from rich.table import Column, Table
from rich.text import Text

from yt8m.printable import one_line

GAP = (0, 2, 0, 0)
"""Space around a cell (top, right, bottom, left), in characters."""

UNLIMITED = 10**6
"""Characters per line if standard output is not a terminal."""


def words(*titles: str) -> list[Column]:
    """Titles of columns with names, aligned left and never wrapped."""
    return [Column(title, no_wrap=True) for title in titles]


def sentences(*titles: str) -> list[Column]:
    """Titles of columns with text that wraps at spaces if the terminal is too narrow."""
    return [Column(title, overflow="fold") for title in titles]


def numbers(*titles: str) -> list[Column]:
    """Titles of columns with numbers, aligned right and never wrapped."""
    return [Column(title, justify="right", no_wrap=True) for title in titles]


def format_table(
    columns: Sequence[Column], rows: Iterable[Sequence[str]], width: int | None = None
) -> str:
    """The rows as lines of text, below the titles unless all titles are empty.

    width: most characters per line; by default the terminal's width, or unlimited if standard
        output is not a terminal. Nothing is ever cut off: lines are longer if names and numbers
        need more.
    """
    table = Table(*(column.copy() for column in columns), box=None, padding=GAP, pad_edge=False)
    table.show_header = any(str(column.header) for column in columns)
    for row in rows:
        table.add_row(*(Text(one_line(cell)) for cell in row))
    for column in table.columns:
        if column.no_wrap:  # rich would cut the text off
            column.min_width = max(cell_len(str(cell)) for cell in (column.header, *column.cells))
    console = Console(width=UNLIMITED, color_system=None)
    needed = Measurement.get(console, console.options, table)
    console.width = min(needed.maximum, max(needed.minimum, width or _line_width()))
    with console.capture() as text:
        console.print(table)
    return "".join(f"{line.rstrip()}\n" for line in text.get().splitlines())


def _line_width() -> int:
    return shutil.get_terminal_size().columns if sys.stdout and sys.stdout.isatty() else UNLIMITED
