"""Values, paths and options as text for a shell."""

import json
import shlex
from collections.abc import Iterable
from typing import Any


def as_json(value: Any) -> str:
    """A value as JSON; equal values give equal texts."""
    return json.dumps(value, sort_keys=True)


def quoted(files: str | Iterable[str]) -> str:
    """One or several paths, quoted for a shell."""
    return " ".join(map(shlex.quote, [files] if isinstance(files, str) else files))


def option(name: str, files: str | Iterable[str]) -> str:
    """An option for each file; empty if there are none."""
    paths = [files] if isinstance(files, str) else files
    return " ".join(f"--{name} {shlex.quote(path)}" for path in paths)
