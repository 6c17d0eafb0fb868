"""Which source files a step's result depends on, and a digest of them.

Found by following the `import` statements, also those inside functions; recipes are imported by
name at run time, so a step that builds them names them itself.
"""

import ast
import functools
import hashlib
from pathlib import Path

PACKAGE = "yt8m"
ROOT = Path(__file__).resolve().parent
TEMPLATES = (".html", ".css")


def sources_of(*modules: str) -> list[str]:
    """Dotted names of `modules` and of every module of this package that they import, sorted."""
    todo, found = list(modules), set()
    while todo:
        module = todo.pop()
        if module not in found and _file(module):
            found.add(module)
            todo += _imports(module)
    return sorted(found)


@functools.cache
def digest_of(*modules: str) -> str:
    """Digest of the code of `modules` and all they import; comments and layout do not count.

    Templates that lie beside one of them count as they are.
    """
    digest = hashlib.sha256()
    found = sources_of(*modules)
    for module in found:
        digest.update(f"{module}\n{_code(module)}\n".encode())
    for folder in sorted({_file(module).parent for module in found}):
        for path in sorted(p for p in folder.iterdir() if p.suffix in TEMPLATES):
            digest.update(f"{path.name}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _file(module: str) -> Path | None:
    parts = module.split(".")
    if parts[0] != PACKAGE:
        return None
    path = ROOT.joinpath(*parts[1:])
    for candidate in (path.with_suffix(".py"), path / "__init__.py"):
        if candidate.is_file():
            return candidate
    return None


@functools.cache
def _code(module: str) -> str:
    """A module without comments, layout and docstrings; most steps share most modules."""
    return ast.dump(_without_docstrings(ast.parse(_file(module).read_text())))


@functools.cache
def _imports(module: str) -> tuple[str, ...]:
    names = set()
    for node in ast.walk(ast.parse(_file(module).read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return tuple(sorted(n for n in names if _file(n)))


def _without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        first = body[0] if isinstance(body, list) and body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            node.body = body[1:]
    return tree
