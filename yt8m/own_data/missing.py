"""Rows of a table whose files do not exist."""

import os
from collections.abc import Iterator
from functools import cache

from yt8m.own_data.left_out import MOST_SHARE
from yt8m.own_data.locations import divided
from yt8m.own_data.table import Table


def missing_problem(table: Table, strict: bool) -> str:
    """What is wrong with the files, "" if enough of them exist; each is looked up once.

    A row is missing if a file of it is. More than `MOST_SHARE` of the rows must not be; with
    `strict`, none. Once that is certain, the rest is not looked up.
    """
    missing: list[tuple[int, str]] = []
    for row, absent in enumerate(_absent(table)):
        if absent:
            missing.append((row, absent))
        elif not strict and row + 1 - len(missing) >= (1 - MOST_SHARE) * len(table):
            return ""
    if not missing:
        return ""
    folder = os.path.dirname(os.path.abspath(table.path))  # noqa: PTH100, PTH120 - as locations
    remedy = "mend the column, or leave the rows out" if strict else "mend the column"
    return (
        f"{_described(table, missing)}; relative paths start from the table's folder, {folder}; "
        f"{remedy}"
    )


def missing_warning(table: Table) -> str:
    """A sentence about the rows that a run leaves out since a file is missing; "" without any."""
    missing = [(row, absent) for row, absent in enumerate(_absent(table)) if absent]
    return f"{_described(table, missing)}; they will be left out" if missing else ""


def _described(table: Table, missing: list[tuple[int, str]]) -> str:
    row, absent = missing[0]
    return (
        f"{len(missing):,} of {len(table):,} videos have files that do not exist, first: {absent} "
        f"({table.where(row)})"
    )


def _absent(table: Table) -> Iterator[str]:
    """Of each row the first file that does not exist, or ""; each file is looked up once."""
    exists = cache(os.path.isfile)
    for locations in zip(*table.locations.values(), strict=True):
        files = ((one, divided(one)[0]) for one in locations if one)
        yield next((f for one, f in files if not exists(f) and (f == one or not exists(one))), "")
