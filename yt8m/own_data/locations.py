"""Where a video's array is: a file, or a file and what is inside it, such as `all.h5:/cat/rgb`."""

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from yt8m.errors import ConfigError
from yt8m.mistakes import suggestion

_INSIDE = re.compile(r"(.+?\.(?:npz|h5|hdf5|parquet|pb|tfrecord)):(.+)", re.DOTALL | re.IGNORECASE)
_COLUMN = re.compile(r"\{([^{}]*)\}")

PATH = "path"
"""The column that holds the locations of all features, with `{feature}` for the feature's name."""


def file_and_inside(location: str) -> tuple[str, str]:
    """The file of a location, and what is inside it; "" if nothing is named.

    A file that exists under exactly that name is never divided.
    """
    found = divided(location)
    return (location, "") if found[1] and os.path.lexists(location) else found


def divided(location: str) -> tuple[str, str]:
    """The same by the form of the location alone."""
    match = _INSIDE.fullmatch(location) if ":" in location else None
    return (match[1], match[2]) if match else (location, "")


def locations_of(
    feature: str, source: str, columns: Mapping[str, Sequence[str]], path: Path
) -> tuple[str, list[str]]:
    """The name of the column, and the location of one feature in each row.

    source: a column; or a pattern with columns in braces, such as "rgb/{id}.npy"; or "" for the
        column of the feature's name, else the column `path` with `{feature}` in its values.
    path: of the table, whose folder relative locations start from. Empty cells stay empty.
    Raises ConfigError for a column that the table does not have.
    """
    folder = "" if path.parent == Path() else os.path.join(path.parent, "")  # noqa: PTH118
    if "{" in source:
        name, found = source, _filled_in(source, feature, columns, path)
    else:
        name = source or (feature if feature in columns else PATH)
        if name not in columns:
            wanted = name if source else f"{feature}` or `{PATH}"
            raise ConfigError(
                f"{path}: has no column `{wanted}` with the {feature} files"
                f"{suggestion(source or feature, columns)}"
            )
        found = columns[name]
        if not source and name == PATH:
            found = [value.replace("{feature}", feature) for value in found]
    return name, [folder + one if one and one[0] != "/" else one for one in found]


def columns_in(pattern: str) -> list[str]:
    """The columns that a pattern names in braces."""
    return _COLUMN.findall(pattern)


def _filled_in(
    pattern: str, feature: str, columns: Mapping[str, Sequence[str]], path: Path
) -> list[str]:
    parts = _COLUMN.split(pattern)
    for name in parts[1::2]:
        if name != "feature" and name not in columns:
            raise ConfigError(
                f"{path}: has no column `{name}`, which the pattern {pattern!r} of feature "
                f"{feature} names{suggestion(name, columns)}"
            )
    rows = len(next(iter(columns.values())))
    pieces = [
        [part] * rows if even else columns.get(part, [feature] * rows)
        for part, even in zip(parts, (i % 2 == 0 for i in range(len(parts))), strict=True)
    ]
    return ["".join(row) for row in zip(*pieces, strict=True)]
