"""Which source files a step's outcome depends on, and a digest of them.

Found by following the `import` statements, also those inside functions, but not into modules that
cannot change an outcome (`TELLING`). Recipes are imported by name at run time, so a step that
builds them names them itself; one from outside counts with all that it imports of its own package.
"""

import ast
import functools
import hashlib
from collections.abc import Iterator
from importlib.util import find_spec, resolve_name
from pathlib import Path

from yt8m.normalised import normalised

PACKAGE = "yt8m"
ROOT = Path(__file__).resolve().parent
TEMPLATES = (".html", ".css")

TELLING = {
    "yt8m.errors": "the kinds of errors",
    "yt8m.printable": "texts for terminals and messages",
    "yt8m.protocols": "what recipes offer, for readers and type checkers",
    "yt8m.stderr": "what a process says when it ends",
    "yt8m.progress": "progress bars",
    "yt8m.atomic": "a file appears complete or not at all, whatever is in it",
    "yt8m.locks": "who may write a result",
    "yt8m.write_errors": "words for files that the system refuses to write",
    "yt8m.parent": "a job ends with its workflow",
    "yt8m.files": "only regular files are read",
    "yt8m.member_weights": "weights of members sum to 1",
    "yt8m.sources": "what runs again, not what it makes",
    "yt8m.normalised": "likewise",
    "yt8m.state": "names of folders for unfinished work",
    "yt8m.mistakes": "words for what is wrong with settings",
    "yt8m.strict": "how settings are read; likewise",
    "yt8m.paths": "paths in settings; likewise",
    "yt8m.text_tables": "tables for terminals and messages",
    "yt8m.config": "settings, whose values are inputs of each step",
    "yt8m.recipes": "from the words of a config to its recipes; likewise",
    "yt8m.training.history": "how training went, in words and figures",
    "yt8m.training.interruption": "when training stops between two steps; resuming changes no bit",
}
"""Modules, and packages with all in them, that tell, guard or show: why they change no outcome."""


def sources_of(*modules: str) -> list[str]:
    """Dotted names of `modules` and of every module that they import and that counts, sorted.

    Of this package and, for modules from outside, of their own top-level packages.
    """
    packages = {PACKAGE} | {module.split(".")[0] for module in modules}
    todo, found = list(modules), set()
    while todo:
        module = todo.pop()
        is_ours = module.split(".")[0] in packages
        if is_ours and module not in found and not only_tells(module) and _file(module):
            found.add(module)
            todo += _imports(module)
    return sorted(found)


@functools.cache
def digest_of(*modules: str) -> str:
    """Digest of the code of `modules` and all they import, as far as it can change an outcome.

    Templates that lie beside one of them count as they are.
    """
    digest = hashlib.sha256()
    found = sources_of(*modules)
    for module in found:
        digest.update(f"{module}\n{normalised(_file(module).read_text())}\n".encode())
    for folder in sorted({_file(module).parent for module in found}):
        for path in sorted(p for p in folder.iterdir() if p.suffix in TEMPLATES):
            digest.update(f"{path.name}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def only_tells(module: str) -> bool:
    """Whether a module is one of TELLING, or lies in a package that is."""
    return module in TELLING or module.rpartition(".")[0] in TELLING


def _file(module: str) -> Path | None:
    top, *parts = module.split(".")
    for folder in _folders(top):
        path = folder.joinpath(*parts)
        for candidate in (path.with_suffix(".py"), path / "__init__.py"):
            if candidate.is_file():
                return candidate
    return None


def _folders(top: str) -> list[Path]:
    """Where a top-level package lies; a package without `__init__.py` may lie in several places."""
    if top == PACKAGE:
        return [ROOT]
    spec = find_spec(top)
    return [Path(place) for place in (spec and spec.submodule_search_locations) or ()]


def _imports(module: str) -> set[str]:
    """Names of the modules that a module imports, and of what it takes from them."""
    file = _file(module)
    package = module if file.name == "__init__.py" else module.rpartition(".")[0]
    return {*_parents(module), *_imported(file.read_text(), package)}


@functools.cache
def _imported(source: str, package: str) -> frozenset[str]:
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = resolve_name("." * node.level + (node.module or ""), package)
            names |= {above} | {f"{above}.{alias.name}" for alias in node.names}
    return frozenset(names)


def _parents(module: str) -> Iterator[str]:
    """The packages that a module from outside lies in: importing it runs their `__init__.py`.

    Those of this package hold a docstring and nothing else.
    """
    top, *parts = module.split(".")
    if top != PACKAGE:
        yield from (".".join([top, *parts[:n]]) for n in range(len(parts)))
