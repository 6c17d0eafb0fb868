"""A module's code as far as it can change an outcome: its syntax tree without words and notes.

Left out are comments, layout, docstrings and other texts that stand alone, annotations of
functions, and words for people: what an error is made with, what is printed to stderr or warned of,
texts handed to a check (a function called `check...`, `refuse...`, `expect...` or `require...` that
stands alone, and the class `Fits`), and what only such words used: local names of texts, and names
of a module that begin with an underscore. What is checked, and by which condition, counts. So do
all other values, also texts: a feature's name, a field's, a file's.

Of settings, their values are inputs, and are checked whenever a workflow is planned. So a field
made by `field(...)` or `Field(...)` counts by its default alone, not by its description, range and
choices; what describes it elsewhere (`description=...`) does not count, nor do the methods `check`,
`check_schema` and `problems` of a class with a decorator, nor functions called `..._problems`.
"""

import ast
import functools
import re
from collections.abc import Iterable
from itertools import chain

GUARD = re.compile(r"_?(check|refuse|expect|require)(_\w+)?")
FIELD = {"field", "Field"}
DEFAULTS = {"default", "default_factory", "init", "kw_only"}
LIMITS = re.compile(r"check|check_schema|problems")
PROBLEMS = re.compile(r"\w+_problems")


@functools.cache  # most steps share most modules
def normalised(source: str) -> str:
    """The code of a module as one text; equal texts lead to equal outcomes."""
    return ast.dump(without_words(source))


def without_words(source: str) -> ast.Module:
    """The syntax tree of a module without what cannot change an outcome."""
    tree = _Words().visit(ast.parse(source))
    _drop_private(tree)
    return tree


class _Words(ast.NodeTransformer):
    """Takes out what only people read."""

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        if isinstance(node.value, ast.Constant) or _is_telling(node.value):
            return None
        if isinstance(node.value, ast.Call) and GUARD.fullmatch(_name(node.value.func)):
            _drop_texts(node.value)
        return self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        error = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        words_it = isinstance(error, ast.Name) and re.match("_[a-z]", error.id)  # a function
        return ast.Raise(exc=None if words_it else error)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if _name(node.func) == "Fits":
            _drop_texts(node)
        if _name(node.func) in FIELD:
            node.keywords = [k for k in node.keywords if k.arg in DEFAULTS]
        if _name(node.func) == "one_of":  # package, kind; what follows describes it
            node.args = node.args[:2]
        node.keywords = [k for k in node.keywords if k.arg != "description"]
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        if node.decorator_list:  # as settings have
            node.body = [s for s in node.body if not LIMITS.fullmatch(getattr(s, "name", ""))]
        return self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST | None:
        if PROBLEMS.fullmatch(node.name):
            return None
        self.generic_visit(node)
        node.returns = None
        return _UnusedTexts(_loaded([node])).generic_visit(node)


class _UnusedTexts(ast.NodeTransformer):
    """Takes out assignments that give a text to a name that nothing reads."""

    def __init__(self, loaded: set[str]):
        self._loaded = loaded

    def visit_Assign(self, node: ast.Assign) -> ast.AST | None:
        names = [t.id for t in node.targets if isinstance(t, ast.Name)]
        is_unused = len(names) == len(node.targets) and not self._loaded.intersection(names)
        return None if is_unused and _is_text(node.value) else node


def _drop_private(tree: ast.Module) -> None:
    """Take out functions and values of a module that nothing in it uses any more."""
    before = None
    while before != len(tree.body):
        before = len(tree.body)
        for statement in list(tree.body):
            name = _defined(statement)
            others = (s for s in tree.body if s is not statement)
            if name.startswith("_") and name not in _loaded(others):
                tree.body.remove(statement)


def _defined(statement: ast.stmt) -> str:
    """The one name that a statement defines without doing anything else; "" for others."""
    if isinstance(statement, ast.FunctionDef) and not statement.decorator_list:
        return statement.name
    if not isinstance(statement, ast.Assign) or _calls(statement.value):
        return ""
    targets = statement.targets
    return targets[0].id if len(targets) == 1 and isinstance(targets[0], ast.Name) else ""


def _calls(value: ast.expr) -> bool:
    return any(isinstance(node, ast.Call) for node in ast.walk(value))


def _loaded(nodes: Iterable[ast.AST]) -> set[str]:
    """Names that are read anywhere in them, or belong to a scope around."""
    found = set()
    for node in chain.from_iterable(map(ast.walk, nodes)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            found |= set(node.names)
    return found


def _drop_texts(call: ast.Call) -> None:
    call.args = [a for a in call.args if not _is_text(a)]
    call.keywords = [k for k in call.keywords if not _is_text(k.value)]


def _is_telling(node: ast.expr) -> bool:
    """Whether an expression that stands alone warns, or prints to stderr."""
    if not isinstance(node, ast.Call):
        return False
    to_stderr = any(k.arg == "file" and ast.unparse(k.value) == "sys.stderr" for k in node.keywords)
    return ast.unparse(node.func) == "warnings.warn" or (_name(node.func) == "print" and to_stderr)


def _name(function: ast.expr) -> str:
    """`check_size` of `checks.check_size`."""
    return getattr(function, "attr", getattr(function, "id", ""))


def _is_text(node: ast.expr) -> bool:
    """Whether an expression is a text written out or joined, with values in it or without."""
    match node:
        case ast.Constant():
            return isinstance(node.value, str)
        case ast.IfExp():
            return _is_text(node.body) and _is_text(node.orelse)
        case ast.Call(func=ast.Attribute(attr="join")):
            return _is_text(node.func.value)
    return isinstance(node, ast.JoinedStr)
