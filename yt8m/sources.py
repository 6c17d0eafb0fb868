"""The source files that a step's outcome depends on, and their digest.

They are found by following `import` statements, including those inside functions, but not into
modules that cannot change an outcome (`WITHOUT_EFFECT`). Recipes are imported by name at run time,
so a step that builds recipes names them itself; an external recipe counts with everything that it
imports from its own package.
"""

import functools
import hashlib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from yt8m.source_facts import Facts, facts_of

PACKAGE = "yt8m"
ROOT = Path(__file__).resolve().parent
DATA_FILES = (".css", ".html", ".js", ".txt")
"""Suffixes of files that the code reads: parts of the report, texts of licences."""

WITHOUT_EFFECT = {
    "yt8m.errors": "the kinds of errors",
    "yt8m.version": "a name of the sources, like the commit, which no rule depends on either",
    "yt8m.printable": "text for terminals and messages",
    "yt8m.protocols": "interfaces of recipes, for readers and type checkers",
    "yt8m.stderr": "messages",
    "yt8m.progress": "progress bars",
    "yt8m.activity": "what a job is doing, for people",
    "yt8m.atomic": "files are written atomically, whatever their content",
    "yt8m.locks": "locks on results",
    "yt8m.write_errors": "messages about files that cannot be written",
    "yt8m.parent": "jobs end with their workflow",
    "yt8m.files": "only regular files are read",
    "yt8m.extras": "where packages are; their content is in digests",
    "yt8m.extractors.digests": "which videos are extracted again, not what becomes of them",
    "yt8m.member_weights": "weights of members sum to 1",
    "yt8m.sources": "which jobs run again, not what they make",
    "yt8m.source_facts": "which jobs run again, not what they make",
    "yt8m.normalised": "which edits make jobs run again, not what they make",
    "yt8m.state": "names of folders for saved state",
    "yt8m.mistakes": "messages about mistakes in settings",
    "yt8m.other_files": "messages about files of another format",
    "yt8m.partial": "messages about several mistakes in settings at once",
    "yt8m.strict": "how settings are read; their values are inputs",
    "yt8m.paths": "how paths in settings are read; their values are inputs",
    "yt8m.text_tables": "tables for terminals and messages",
    "yt8m.runtime.devices": "on which processors is computed, within rounding",
    "yt8m.runtime.startup": "lines that libraries write at their start",
    "yt8m.runtime.unused": "packages that are not needed",
    "yt8m.config": "classes of settings, whose values are inputs of each step",
    "yt8m.recipes": "from the config to its recipes; their settings are inputs",
    "yt8m.training.history": "measurements during training",
    "yt8m.training.tensorboard": "events of training, for people",
    "yt8m.training.schedule_warnings": "warnings about schedules",
    "yt8m.training.interruption": "interruption between two steps; resuming changes no bit",
    "yt8m.training.xla": "which of two ways to compute is faster; equal within rounding",
    "yt8m.training.workers": "how processes that train together meet, and what they say",
}
"""Modules and whole packages that cannot change an outcome, and why."""


def sources_of(*modules: str) -> list[str]:
    """Dotted names of `modules` and of all modules that they import and that count, sorted.

    Only modules of this package and, for external modules, of their own top-level packages.
    """
    packages = {PACKAGE} | {module.split(".")[0] for module in modules}
    todo, found = list(modules), set()
    while todo:
        module = todo.pop()
        is_ours = module.split(".")[0] in packages
        if is_ours and module not in found and not has_no_effect(module) and _file(module):
            found.add(module)
            todo += _imports(module)
    return sorted(found)


@functools.cache
def digest_of(*modules: str) -> str:
    """Digest of the code of `modules` and all they import, as far as it can change an outcome.

    Data files in the folders of these modules count byte for byte.
    """
    digest = hashlib.sha256()
    found = sources_of(*modules)
    for module in found:
        digest.update(f"{module}\n{_facts(module).normal}\n".encode())
    for folder in sorted({_file(module).parent for module in found}):
        for path in sorted(p for p in folder.iterdir() if p.suffix in DATA_FILES):
            digest.update(f"{path.name}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def has_no_effect(module: str) -> bool:
    """Whether a module, or a package that contains it, is in WITHOUT_EFFECT."""
    return module in WITHOUT_EFFECT or module.rpartition(".")[0] in WITHOUT_EFFECT


def _file(module: str) -> Path | None:
    top, *parts = module.split(".")
    for folder in _folders(top):
        path = folder.joinpath(*parts)
        for candidate in (path.with_suffix(".py"), path / "__init__.py"):
            if candidate.is_file():
                return candidate
    return None


def _folders(top: str) -> list[Path]:
    """Folders of a top-level package; one without `__init__.py` may have several."""
    if top == PACKAGE:
        return [ROOT]
    spec = find_spec(top)
    return [Path(place) for place in (spec and spec.submodule_search_locations) or ()]


def _imports(module: str) -> set[str]:
    """Names of the modules that a module imports, and of what it imports from them."""
    return {*_parents(module), *_facts(module).imports}


def _facts(module: str) -> Facts:
    file = _file(module)
    package = module if file.name == "__init__.py" else module.rpartition(".")[0]
    return facts_of(file.read_text(), package)


def _parents(module: str) -> Iterator[str]:
    """The packages that contain an external module: importing it runs their `__init__.py`.

    The `__init__.py` files of this package contain nothing that a step uses.
    """
    top, *parts = module.split(".")
    if top != PACKAGE:
        yield from (".".join([top, *parts[:n]]) for n in range(len(parts)))
