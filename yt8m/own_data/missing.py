"""Rows of a table whose files do not exist."""

import os
from collections.abc import Callable
from functools import cache

from yt8m.own_data.left_out import MOST_SHARE
from yt8m.own_data.locations import divided
from yt8m.own_data.table import Table


def missing_problem(table: Table, strict: bool) -> str:
    """What is wrong with the files, "" if enough of them exist; each is looked up once.

    A row is missing if a file of it is. More than `MOST_SHARE` of the rows must not be; with
    `strict`, none. Once that is certain, the rest is not looked up.
    """
    exists = cache(os.path.isfile)
    missing: list[tuple[int, str]] = []
    for row, locations in enumerate(zip(*table.locations.values(), strict=True)):
        if absent := _first_absent(locations, exists):
            missing.append((row, absent))
        elif not strict and row + 1 - len(missing) >= (1 - MOST_SHARE) * len(table):
            return ""
    if not missing:
        return ""
    row, absent = missing[0]
    folder = os.path.dirname(os.path.abspath(table.path))  # noqa: PTH100, PTH120 - as locations
    remedy = "mend the column, or leave the rows out" if strict else "mend the column"
    return (
        f"{len(missing):,} of {len(table):,} videos have files that do not exist, first: {absent} "
        f"({table.where(row)}); relative paths start from the table's folder, {folder}; {remedy}"
    )


def _first_absent(locations: tuple[str, ...], exists: Callable[[str], bool]) -> str:
    for location in locations:
        file = divided(location)[0]
        if location and not exists(file) and (file == location or not exists(location)):
            return file
    return ""
