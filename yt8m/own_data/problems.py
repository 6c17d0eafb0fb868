"""Mistakes in the rows of a table, all reported at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from yt8m.errors import ConfigError

MOST_SHOWN = 20
"""Most mistakes that one message lists."""


@dataclass
class Problems:
    """The mistakes of one table. unit: what numbers of rows count, such as "line"."""

    path: Path
    unit: str
    found: list[tuple[int, str, str]] = field(default_factory=list)

    def add(self, number: int, column: str, text: str) -> None:
        """One mistake. number: of the row. column: "" for the whole row."""
        self.found.append((number, column, text))

    def add_all(
        self, numbers: Sequence[int], column: str, wrong: Iterable[tuple[int, str]]
    ) -> None:
        """Mistakes of one column. numbers: of all rows. wrong: indices of rows, and texts."""
        for row, text in wrong:
            self.add(numbers[row], column, text)

    def refuse(self) -> None:
        """Raises ConfigError, with the number of mistakes and the first ones, if there are any."""
        lines = [
            f"{self.unit} {number}{f', column {column}' if column else ''}: {text}"
            for number, column, text in sorted(self.found, key=lambda one: one[0])
        ]
        if len(lines) == 1:
            raise ConfigError(f"{self.path}, {lines[0]}")
        if lines:
            more = f"; the first {MOST_SHOWN}" if len(lines) > MOST_SHOWN else ""
            head = f"{self.path}: {len(lines):,} mistakes{more}:"
            raise ConfigError("\n  ".join([head, *lines[:MOST_SHOWN]]))
