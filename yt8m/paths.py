"""Paths as people write them in a config or on a command line."""

import glob
import os
import re
from pathlib import Path
from typing import Annotated

from yt8m.errors import ConfigError
from yt8m.strict import refused_by

_VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)\})")
_CHECKOUT = "the folder of the workflow"
_NOT_IN_CHECKOUT = {
    ":": "which separates the folders in PYTHONPATH",
    "{": "which Snakemake takes for a pattern",
    "}": "which Snakemake takes for a pattern",
}
_WORKFLOW_PATTERN = re.compile(r"\{[^{}]*\}|<[a-z][a-z0-9_]*>")


def filled_in(path: str, where: str) -> str:
    """A path with its `~` and $VARIABLES expanded, except in folders that exist under that very
    name.

    It never begins with `-`, which commands would take for an option. Raises ConfigError for an
    unset variable, an unknown user or an empty text.
    """
    if not path:
        raise ConfigError(f"{where}: is an empty text; expected a path")
    there = _what_is_there(path)
    rest = path[len(there) :]
    found = there + _variables(rest if there else _home(path, where), path, where)
    return str(Path.cwd() / found) if str(Path(found)).startswith("-") else found


def _what_is_there(path: str) -> str:
    """The longest part of a path that exists exactly as written."""
    while path and not os.path.lexists(path):
        path = path.rpartition("/")[0]
    return path


def _home(path: str, where: str) -> str:
    found = os.path.expanduser(path)  # noqa: PTH111 - pathlib raises for an unknown user
    if found.startswith("~"):
        user = found.split("/")[0]
        raise ConfigError(
            f"{where}: {path!r}: there is no user {user!r}; for a file of that name write './~'"
        )
    return found


def _variables(path: str, written: str, where: str) -> str:
    def value(match: re.Match) -> str:
        name = match[1] or match[2]
        if name not in os.environ:
            problem = "uses a variable that is not set; export it first"
            raise ConfigError(f"{where}: {written!r} {problem}")
        return os.environ[name]

    return _VARIABLE.sub(value, path)


def resolve(pattern: str, where: str) -> list[str]:
    """The files that a path or pattern (* ? [ ]) matches, sorted by name; see `filled_in`.

    A path that exists exactly as written is not treated as a pattern. Raises ConfigError if nothing
    matches.
    """
    path = filled_in(pattern, where)
    found = matches(path)
    if not found:
        raise ConfigError(f"{where}: no file matches {path!r}")
    return found


def matches(path: str) -> list[str]:
    """The files that an expanded path or pattern matches, as `resolve` does; there may be none.

    A path without wildcards is returned even if no such file exists.
    """
    there = _what_is_there(path)
    rest = path[len(there) :]
    if not glob.has_magic(rest):
        return [path]
    return sorted(glob.glob(glob.escape(there) + rest))  # noqa: PTH207


def for_the_workflow(path: str, where: str) -> str:
    """`path` itself, if Snakemake does not read a part of it as a wildcard or path variable.

    Otherwise raises ConfigError, since Snakemake has no way to escape these.
    """
    if match := _WORKFLOW_PATTERN.search(path):
        raise ConfigError(
            f"{where}: {path!r} contains {match[0]!r}, which Snakemake reads as a pattern; "
            "rename the file, or give a link to it"
        )
    return path


def read_path(path: str, where: str) -> str:
    """The path in a setting, expanded. Raises ConfigError for one that cannot work."""
    return for_the_workflow(filled_in(path, where), where)


def read_results(path: str, where: str) -> str:
    """The same for the folder of results, which need not exist."""
    found = str(Path(read_path(path, where)))
    if os.path.lexists(found) and not os.path.isdir(found):  # noqa: PTH112 - never raises
        raise ConfigError(f"{where}: {found} exists but is not a folder; choose another path")
    if any(not letter.isprintable() for letter in found):
        raise ConfigError(
            f"{where}: is {found!r}; the name must not contain line breaks or "
            "other control characters"
        )
    return found


def check_checkout(folder: Path) -> None:
    """Raises ConfigError if the path of this checkout would prevent jobs from running."""
    for_the_workflow(str(folder), _CHECKOUT)
    for letter, why in _NOT_IN_CHECKOUT.items():
        if letter in str(folder):
            raise ConfigError(f"{_CHECKOUT}: {str(folder)!r} contains {letter!r}, {why}; rename it")


FilePath = Annotated[str, refused_by(read_path)]
"""Type of a setting that is the path of an input file or folder."""

ResultsPath = Annotated[str, refused_by(read_results)]
"""Type of the setting for the folder of results."""
