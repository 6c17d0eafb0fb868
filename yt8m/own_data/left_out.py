"""Videos that are left out because an array of theirs is missing, damaged or of another shape."""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from yt8m.atomic import replacing
from yt8m.errors import RecordError
from yt8m.own_data.rows import Row
from yt8m.text_tables import format_table, sentences, words

HEADER = ("id", "place", "problem")

MOST_SHARE = 0.5
"""Largest share of videos that may be left out; with more, something is wrong with all of them."""

MOST_SHOWN = 5
"""Most videos that an error lists."""


def beside(shard: str) -> str:
    """The path of the table of videos that are left out of a shard."""
    return f"{shard.removesuffix('.tfrecord')}.left-out.csv"


@dataclass
class LeftOut:
    """The videos that are left out. strict: refuse the first one instead."""

    strict: bool = False
    found: dict[str, tuple[str, str]] = field(default_factory=dict)

    def add(self, row: Row, problem: str) -> None:
        """Leave a video out. Raises RecordError if `strict`."""
        if self.strict:
            raise RecordError(f"{row.where}: {problem}; mend the file, or leave the row out")
        self.found.setdefault(row.id, (row.where, problem))

    def check(self, videos: int, what: str) -> None:
        """Raises RecordError if too many of the videos are left out. what: such as "shard 3"."""
        if len(self.found) > MOST_SHARE * videos:
            self.refuse(videos, what)

    def refuse(self, videos: int, what: str) -> NoReturn:
        """Raises RecordError with the number of videos that are left out, and the first ones."""
        text = self.table(MOST_SHOWN)
        raise RecordError(
            f"{what}: {len(self.found):,} of {videos:,} videos cannot be used; first:\n{text}"
        )

    def rows(self) -> list[tuple[str, str, str]]:
        """Id, place in the table and problem of each video, in the order of the table."""
        return sorted(((id, *of) for id, of in self.found.items()), key=_line)

    def table(self, most: int | None = None) -> str:
        """A line per video: id, place in the table, problem; "" if there are none."""
        rows = self.rows()[:most]
        id, place, problem = HEADER
        return format_table([*words(id, place), *sentences(problem)], rows) if rows else ""

    def write(self, path: Path) -> None:
        """Write the table as CSV, atomically; only a header if there are none."""
        with replacing(path) as file, file.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.writer(lines, lineterminator="\n")
            writer.writerow(HEADER)
            writer.writerows(self.rows())

    @classmethod
    def read(cls, paths: Iterable[Path]) -> "LeftOut":
        """The videos in several such files."""
        found = cls()
        for path in paths:
            with path.open(encoding="utf-8", newline="") as lines:
                rows = list(csv.reader(lines))[1:]
            found.found |= {id: (place, problem) for id, place, problem in rows}
        return found

    def report(self, videos: int) -> str:
        """The number of videos that are left out, and the table; "" if there are none."""
        if not self.found:
            return ""
        return f"{len(self.found):,} of {videos:,} videos are left out:\n{self.table()}"


def _line(row: tuple[str, str, str]) -> tuple[int, str]:
    """The number that ends a place, such as "mine.csv, line 12"; then the id."""
    id, place, _ = row
    number = re.search(r"\d+$", place)
    return int(number[0]) if number else 0, id
