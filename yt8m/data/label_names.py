"""Class names, from the dataset's vocabulary."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from yt8m.data.schema import MOST_CLASSES
from yt8m.errors import ConfigError
from yt8m.files import read_text
from yt8m.printable import shortened

INDEX = re.compile(r"\d{1,18}")
"""A whole number, with fewer digits than Python refuses to parse."""


def read_label_names(path: Path, classes: int) -> list[str]:
    """The C names in a CSV with columns Index and Name; a class without a name gets its number.

    Raises ConfigError naming the line if a column is missing, an index is out of range or repeated,
    or the file is not valid CSV or UTF-8; and for more than `MOST_CLASSES` classes.
    """
    if classes > MOST_CLASSES:
        raise ConfigError(f"{path}: is for {classes:,} classes; at most {MOST_CLASSES:,}")
    names = default_names(classes)
    lines: dict[int, int] = {}
    for line, index, name in _rows(path):
        if not INDEX.fullmatch(index) or int(index) >= classes:
            problem = f"Index is {shortened(index)}; expected 0 to {classes - 1}"
            raise ConfigError(f"{path}, line {line}: {problem}")
        number = int(index)
        if number in lines:
            problem = f"Index {number} is already on line {lines[number]}; keep one of them"
            raise ConfigError(f"{path}, line {line}: {problem}")
        lines[number] = line
        names[number] = normal(name) or names[number]
    return names


def normal(name: str) -> str:
    """A name in Unicode's normal form C: "é" is one character, and not "e" with an accent behind.

    https://www.unicode.org/reports/tr15/
    """
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def label_table(names: Iterable[str]) -> str:
    """The text of a CSV that `read_label_names` reads, with a row for each class."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerows([("Index", "Name"), *enumerate(names)])
    return text.getvalue()


def default_names(classes: int) -> list[str]:
    """`class 0` and so on."""
    return [f"class {number}" for number in range(classes)]


def class_count(path: Path) -> int:
    """The fewest classes that a CSV with columns Index and Name can be for.

    Raises ConfigError as `read_label_names` does, also naming the line of an index beyond
    `MOST_CLASSES`.
    """
    largest = 0
    for line, index, _ in _rows(path):
        if INDEX.fullmatch(index):
            largest = max(largest, int(index))
        if largest >= MOST_CLASSES:
            problem = f"Index is {shortened(index)}; expected 0 to {MOST_CLASSES - 1} at most"
            raise ConfigError(f"{path}, line {line}: {problem}")
    return largest + 1


def _rows(path: Path) -> Iterator[tuple[int, str, str]]:
    """Line number, Index and Name of each row."""
    reader = csv.DictReader(io.StringIO(read_text(path), newline=""), restval="")
    try:
        if not {"Index", "Name"} <= set(reader.fieldnames or ()):
            raise ConfigError(f"{path}: needs columns Index and Name; has {reader.fieldnames}")
        for row in reader:
            yield reader.line_num, row["Index"], row["Name"]
    except csv.Error as error:
        raise ConfigError(
            f"{path}, line {reader.line_num + 1}: is not valid CSV ({error})"
        ) from None
