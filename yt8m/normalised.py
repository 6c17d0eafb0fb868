"""A module's code as far as it can change an outcome: its syntax tree without text for people.

Removed are comments, layout, docstrings and other strings that are statements, annotations of
functions, and text for people: arguments of exceptions, text that is printed or written to stderr
or in a warning, strings passed to a check (a call as a statement of a function named `check...`,
`refuse...`, `expect...` or `require...`, and the class `Fits`), and what only such text used: local
variables with strings, and private names of the module. What is checked, and by which condition,
counts. So do all other values, including strings such as names of features, fields and files.

The values of settings are inputs, which are checked whenever a workflow is planned. So a field made
by `field(...)` or `Field(...)` counts by its default only, not by its description, range and
choices. Other descriptions (`description=...`) do not count either, nor do the methods
`check_schema` and `problems` of a decorated class, nor functions named `..._problems`.
"""

import ast
import functools
import re

GUARD = re.compile(r"_?(check|refuse|expect|require)(_\w+)?")
FIELD = {"field", "Field"}
RECIPE_FIELD = {"one_of", "some_of"}
DEFAULTS = {"default", "default_factory", "init", "kw_only"}
LIMITS = re.compile(r"check_schema|problems")
PROBLEMS = re.compile(r"\w+_problems")


@functools.cache  # steps share most modules
def normalised(source: str) -> str:
    """The code of a module as a normalised text; modules with equal texts have equal outcomes."""
    return ast.dump(without_words(source))


def without_words(source: str) -> ast.Module:
    """The syntax tree of a module without what cannot change an outcome."""
    tree = _Words().visit(ast.parse(source))
    _drop_private(tree)
    return tree


class _Words(ast.NodeTransformer):
    """Removes what only people read."""

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        if isinstance(node.value, ast.Constant) or _is_message(node.value):
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
        if _name(node.func) in RECIPE_FIELD:
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
        return _without_unused_texts(node)


def _without_unused_texts(function: ast.FunctionDef) -> ast.FunctionDef:
    """A function without assignments of strings to names that nothing in it reads."""
    assignments = [n for n in ast.walk(function) if isinstance(n, ast.Assign) and _is_text(n.value)]
    if not assignments:
        return function
    return _Unused(assignments, _loaded(function)).generic_visit(function)


class _Unused(ast.NodeTransformer):
    """Removes those of some assignments whose names are not among the loaded ones."""

    def __init__(self, assignments: list[ast.Assign], loaded: set[str]):
        self._assignments = set(assignments)
        self._loaded = loaded

    def visit_Assign(self, node: ast.Assign) -> ast.AST | None:
        names = {t.id for t in node.targets if isinstance(t, ast.Name)}
        is_unused = len(names) == len(node.targets) and not self._loaded & names
        return None if is_unused and node in self._assignments else node


def _drop_private(tree: ast.Module) -> None:
    """Remove private functions and values of a module that nothing in it uses any more."""
    loaded = {statement: _loaded(statement) for statement in tree.body}
    before = None
    while before != len(loaded):
        before = len(loaded)
        for statement in list(loaded):
            name = _defined(statement)
            others = (names for s, names in loaded.items() if s is not statement)
            if name.startswith("_") and not any(name in names for names in others):
                del loaded[statement]
    tree.body = list(loaded)


def _defined(statement: ast.stmt) -> str:
    """The single name that a statement defines without side effects; "" for other statements."""
    if isinstance(statement, ast.FunctionDef) and not statement.decorator_list:
        return statement.name
    if not isinstance(statement, ast.Assign) or _calls(statement.value):
        return ""
    targets = statement.targets
    return targets[0].id if len(targets) == 1 and isinstance(targets[0], ast.Name) else ""


def _calls(value: ast.expr) -> bool:
    return any(isinstance(node, ast.Call) for node in ast.walk(value))


def _loaded(tree: ast.AST) -> set[str]:
    """Names that are read anywhere in a tree, or declared as of an outer scope."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            found |= set(node.names)
    return found


def _drop_texts(call: ast.Call) -> None:
    call.args = [a for a in call.args if not _is_text(a)]
    call.keywords = [k for k in call.keywords if not _is_text(k.value)]


def _is_message(node: ast.expr) -> bool:
    """Whether an expression statement warns, or prints or writes to stderr."""
    if not isinstance(node, ast.Call):
        return False
    to_stderr = any(k.arg == "file" and ast.unparse(k.value) == "sys.stderr" for k in node.keywords)
    if _name(node.func) == "print":
        return to_stderr
    return ast.unparse(node.func) in ("warnings.warn", "write_line")


def _name(function: ast.expr) -> str:
    """Last part of a dotted name: `check_size` of `checks.check_size`."""
    return getattr(function, "attr", getattr(function, "id", ""))


def _is_text(node: ast.expr) -> bool:
    """Whether an expression is a string literal, an f-string or a concatenation of these."""
    match node:
        case ast.Constant():
            return isinstance(node.value, str)
        case ast.IfExp():
            return _is_text(node.body) and _is_text(node.orelse)
        case ast.Call(func=ast.Attribute(attr="join")):
            return _is_text(node.func.value)
    return isinstance(node, ast.JoinedStr)
