"""Names of files and folders, as people write them in a config or on a command line."""

import glob
import os
import re
from pathlib import Path

from yt8m.errors import ConfigError

_VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)\})")
_CHECKOUT = "the folder of the workflow"
_NOT_IN_CHECKOUT = {
    ":": "at which PYTHONPATH is cut",
    "{": "which Snakemake takes for a pattern",
    "}": "which Snakemake takes for a pattern",
}
_WORKFLOW_PATTERN = re.compile(r"\{[^{}]*\}|<[a-z][a-z0-9_]*>")


def filled_in(path: str, where: str) -> str:
    """A path with its `~` and $VARIABLES filled in, except in folders that are there as they stand.

    It does not begin with `-`, which commands take for an option. Raises ConfigError for a variable
    that is not set, a user that is not known or an empty text.
    """
    if not path:
        raise ConfigError(f"{where}: is an empty text; expected a path")
    there = _what_is_there(path)
    rest = path[len(there) :]
    found = there + _variables(rest if there else _home(path, where), path, where)
    return str(Path.cwd() / found) if str(Path(found)).startswith("-") else found


def _what_is_there(path: str) -> str:
    """A path down to the last folder, or the file, that is there under this very name."""
    while path and not os.path.lexists(path):
        path = path.rpartition("/")[0]
    return path


def _home(path: str, where: str) -> str:
    found = os.path.expanduser(path)  # noqa: PTH111 - pathlib raises for a user that is not known
    if found.startswith("~"):
        user = found.split("/")[0]
        raise ConfigError(f"{where}: {path!r}: there is no user {user!r}; for a name write './~'")
    return found


def _variables(path: str, written: str, where: str) -> str:
    def value(match: re.Match) -> str:
        name = match[1] or match[2]
        if name not in os.environ:
            problem = "names a variable that is not set; export it first"
            raise ConfigError(f"{where}: {written!r} {problem}")
        return os.environ[name]

    return _VARIABLE.sub(value, path)


def resolve(pattern: str, where: str) -> list[str]:
    """The files that a path or pattern (* ? [ ]) stands for, by name; see `filled_in`.

    What is there under its very name is no pattern. Raises ConfigError for a pattern that matches
    nothing.
    """
    path = filled_in(pattern, where)
    there = _what_is_there(path)
    rest = path[len(there) :]
    if not glob.has_magic(rest):
        return [path]
    found = sorted(glob.glob(glob.escape(there) + rest))  # noqa: PTH207
    if not found:
        raise ConfigError(f"{where}: no file matches {path!r}")
    return found


def for_the_workflow(path: str, where: str) -> str:
    """`path` itself, unless Snakemake would take a part of it for a wildcard or path variable.

    Raises ConfigError then; there is no way to tell it otherwise.
    """
    if match := _WORKFLOW_PATTERN.search(path):
        raise ConfigError(
            f"{where}: {path!r} holds {match[0]!r}, which Snakemake takes for a pattern in any "
            "name of a file; rename it, or give a link to it"
        )
    return path


def read_path(path: str, where: str) -> str:
    """The path that a setting stands for. Raises ConfigError for one that cannot work."""
    return for_the_workflow(filled_in(path, where), where)


def read_results(path: str, where: str) -> str:
    """The same, of the folder of all that is made; it need not be there."""
    found = str(Path(read_path(path, where)))
    if os.path.lexists(found) and not os.path.isdir(found):  # noqa: PTH112 - never raises
        raise ConfigError(f"{where}: {found} is there and no folder; name another")
    if any(not letter.isprintable() for letter in found):
        raise ConfigError(f"{where}: is {found!r}; no line ends and the like can be in its name")
    return found


def check_checkout(folder: Path) -> None:
    """Raises ConfigError for a folder of these sources from which no job could run."""
    for_the_workflow(str(folder), _CHECKOUT)
    for letter, why in _NOT_IN_CHECKOUT.items():
        if letter in str(folder):
            raise ConfigError(f"{_CHECKOUT}: {str(folder)!r} holds {letter!r}, {why}; rename it")


PATH = {"read": read_path}
"""Metadata of a field that is the path of a file or folder that is read."""

RESULTS = {"read": read_results}
"""The same, of the folder of results."""
