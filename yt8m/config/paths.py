"""Patterns of file names, as people write them in a config."""

import glob
import os

from yt8m.errors import ConfigError


def resolve(pattern: str, where: str) -> list[str]:
    """The files that a path or pattern stands for, by name; $VARIABLES are filled in.

    Raises ConfigError for a variable that is not set or a pattern that matches nothing.
    """
    path = filled_in(pattern, where)
    if not glob.has_magic(path):
        return [path]
    found = sorted(glob.glob(path))  # noqa: PTH207
    if not found:
        raise ConfigError(f"{where}: no file matches {path!r}")
    return found


def filled_in(path: str, where: str) -> str:
    """A path with its $VARIABLES filled in. Raises ConfigError for one that is not set."""
    found = os.path.expandvars(path)
    if "$" in found:
        raise ConfigError(f"{where}: {path!r} names a variable that is not set; export it first")
    return found
