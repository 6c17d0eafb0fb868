"""The columns of a table as texts, from CSV with a header or from Parquet."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from yt8m.errors import ConfigError
from yt8m.files import open_regular, read_text
from yt8m.own_data.problems import Problems
from yt8m.printable import error_line, listed

SEPARATOR = ";"
"""Between the labels of a video."""


@dataclass(frozen=True)
class Columns:
    """Name -> the text in each row; "" for a missing value.

    numbers: of the rows, as messages name them. unit: what they count: "line" (CSV, from 1, with
    the header; the last line of a row) or "row" (Parquet, from 1). lists: columns of lists again,
    by their elements. others: name -> type of the columns that are not read.
    """

    values: dict[str, Sequence[str]]
    numbers: Sequence[int]
    unit: str
    lists: Mapping[str, Sequence[Sequence[str]]] = field(default_factory=dict)
    others: Mapping[str, str] = field(default_factory=dict)

    def refuse_others(self, names: Iterable[str], path: Path) -> None:
        """Raises ConfigError if one of these columns is there, but of a type that is not read."""
        for name in names:
            if name in self.others:
                raise ConfigError(
                    f"{path}: column `{name}` is of type {self.others[name]}; expected texts or "
                    "whole numbers, or lists of them; convert it"
                )


def read_columns(path: Path) -> Columns:
    """All columns of a CSV file, in UTF-8 and separated by commas, or of a Parquet file.

    Lists in a Parquet file become texts separated by `;`.
    Raises ConfigError, naming the line where it can, for a file that is neither.
    """
    try:
        with open_regular(path) as file:
            is_parquet = file.read(4) == b"PAR1"
        return _parquet(path) if is_parquet else _csv(path)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from None


def _csv(path: Path) -> Columns:
    text = read_text(path)
    reader = _reader(text)
    try:
        names = _names([name.strip() for name in next(reader, [])], path)
        rows = list(reader)
    except csv.Error as error:
        line = reader.line_num + 1
        raise ConfigError(f"{path}, line {line}: is not valid CSV ({error})") from None
    if reader.line_num == len(rows) + 1:
        numbers = range(2, len(rows) + 2)
    else:  # some values have several lines
        reader = _reader(text)
        numbers = [reader.line_num for _ in reader][1:]
    if not set(map(len, rows)) <= {len(names)}:
        rows, numbers = _refuse_other_widths(rows, numbers, names, path)
    values = {name: [row[at] for row in rows] for at, name in enumerate(names)}
    return Columns(values, numbers, "line")


def _reader(text: str):
    return csv.reader(io.StringIO(text, newline=""), skipinitialspace=True, strict=True)


def _refuse_other_widths(
    rows: Sequence[Sequence[str]], numbers: Sequence[int], names: Sequence[str], path: Path
) -> tuple[list[Sequence[str]], list[int]]:
    """The rows without blank lines, and their numbers. Raises ConfigError for other widths."""
    problems = Problems(path, "line")
    kept = [(row, number) for row, number in zip(rows, numbers, strict=True) if row]
    for row, number in kept:
        if len(row) != len(names):
            problems.add(
                number,
                "",
                f"has {len(row)} values; the header names {len(names)} columns. Put values with "
                "commas in quotes",
            )
    problems.refuse()
    return [row for row, _ in kept], [number for _, number in kept]


def _names(names: list[str], path: Path) -> list[str]:
    if len(names) == 1 and any(c in names[0] for c in ";\t"):
        raise ConfigError(f"{path}: its header is {names[0]!r}; separate columns by commas")
    if len(set(names)) < len(names):
        twice = {name for name in names if names.count(name) > 1}
        raise ConfigError(f"{path}: has several columns {listed(twice)}; keep one of each")
    return names


def _parquet(path: Path) -> Columns:
    """The columns of texts, whole numbers, and lists of them; others are not read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:  # `read_table` imports pandas
            names = _names(file.schema_arrow.names, path)
            kinds = {name: file.schema_arrow.field(name).type for name in names}
            table = file.read([name for name, kind in kinds.items() if _is_readable(kind)])
            values, lists = {}, {}
            for name, column in zip(table.column_names, table.columns, strict=True):
                if _is_list(kinds[name]):
                    lists[name] = [_elements(row) for row in column.to_pylist()]
                    values[name] = [SEPARATOR.join(row) for row in lists[name]]
                else:
                    texts = column.cast(pa.string()).to_pylist()
                    values[name] = [value or "" for value in texts]
            others = {name: str(kind) for name, kind in kinds.items() if name not in values}
            rows = range(1, file.metadata.num_rows + 1)
            return Columns(values, rows, "row", lists, others)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read as Parquet ({error_line(error)})") from None


def _is_list(kind) -> bool:
    import pyarrow.types as types

    return types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind)


def _is_readable(kind) -> bool:
    """Whether a column holds texts, whole numbers or nothing, or lists of them; also as codes."""
    import pyarrow.types as types

    if _is_list(kind):
        kind = kind.value_type
    if types.is_dictionary(kind):
        kind = kind.value_type
    tests = (types.is_string, types.is_large_string, types.is_string_view)
    return any(test(kind) for test in (*tests, types.is_integer, types.is_null))


def _elements(row: Sequence | None) -> list[str]:
    return [str(value) for value in row or () if value is not None]
