"""What a module's text says about its outcome: its normalised code, and what it imports.

Parsing the library takes longer than the rest of a plan, so facts of earlier plans are remembered,
by a digest of the text.
"""

import ast
import atexit
import functools
import hashlib
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib.util import resolve_name
from pathlib import Path

from yt8m import normalised
from yt8m.errors import Yt8mError
from yt8m.json_files import TEXT, read_json, write_json


@dataclass(frozen=True)
class Facts:
    """normal: digest of the normalised code. imports: names of modules, and of names in them."""

    normal: str
    imports: Sequence[str]


SHAPE = {"how": TEXT, "facts": {str: {"normal": TEXT, "imports": [TEXT]}}}

_remembered: dict[str, Facts] = {}
_used: dict[str, Facts] = {}
"""By digest of a text and its package: those of earlier processes, and those of this one."""


@functools.cache  # steps share most modules
def facts_of(source: str, package: str) -> Facts:
    """Facts of a module. package: the one that it is in, for relative imports."""
    key = _digest(package, source)
    if key not in _used:
        _used[key] = _remembered.get(key) or Facts(
            _digest(normalised.normalised(source)), _imported(source, package)
        )
    return _used[key]


def remember_in(path: Path) -> None:
    """Take facts from a file, if it is there and valid, and add those of this process at its end.

    Facts that were found by other code than today's, or by another Python, do not count.
    """
    with suppress(Yt8mError):
        found = read_json(path, SHAPE)
        if found["how"] == HOW:
            _remembered.update({key: Facts(**fields) for key, fields in found["facts"].items()})
    atexit.register(_save, path)


def _save(path: Path) -> None:
    """Remember the facts that this process used, unless all were remembered."""
    if _used.keys() <= _remembered.keys():
        return
    with suppress(OSError, Yt8mError):  # the next plan takes longer
        facts = {key: asdict(facts) for key, facts in (_remembered | _used).items()}
        write_json(path, {"how": HOW, "facts": facts})


def _imported(source: str, package: str) -> list[str]:
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = resolve_name("." * node.level + (node.module or ""), package)
            names |= {above} | {f"{above}.{alias.name}" for alias in node.names}
    return sorted(names)


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


HOW = _digest(sys.version, *(Path(f).read_text() for f in (__file__, normalised.__file__)))
"""What facts depend on besides a module's text, when this process began."""
