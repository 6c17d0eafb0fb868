"""From the word in the config to the file of that name.

`{kind: netvlad, clusters: 64}` under `models` becomes `yt8m.models.netvlad.Recipe(clusters=64)`.
There is no registry: a new kind is a new file with a frozen dataclass `Recipe` in it, whose fields
are its settings. A kind with a dot, `{kind: my_models.mean_pool}`, is a module from outside. Recipe
modules import no TensorFlow, so planning a workflow stays quick.
"""

import difflib
import importlib
import pkgutil
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import MISSING, asdict, field, fields, is_dataclass
from math import isfinite
from types import MappingProxyType, NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from yt8m.errors import ConfigError


def kinds(package: str) -> list[str]:
    """Names of the files of `package` (such as "yt8m.models") that define a `Recipe`."""
    found = importlib.import_module(package)
    names = [m.name for m in pkgutil.iter_modules(found.__path__) if not m.ispkg]
    return sorted(n for n in names if hasattr(importlib.import_module(f"{package}.{n}"), "Recipe"))


def recipe_class(package: str, kind: str, where: str) -> type:
    """The `Recipe` of one kind.

    Raises ConfigError when there is no file of that name; of a kind with a dot, no such module.
    """
    if "." in kind:
        return _outside(kind, where)
    if kind not in (known := kinds(package)):
        raise ConfigError(f"{where}: unknown kind {kind!r}{suggestion(kind, known)}")
    return importlib.import_module(f"{package}.{kind}").Recipe


def _outside(module: str, where: str) -> type:
    try:
        return importlib.import_module(module).Recipe
    except (ImportError, AttributeError) as error:
        raise ConfigError(
            f"{where}: {module} has no `Recipe` to import ({error}); put the folder that it lies "
            "in into PYTHONPATH, or install it with pip"
        ) from None


def one_of(package: str, kind: str) -> Any:
    """A dataclass field that holds a recipe of `package`; by default one of `kind`, unchanged."""
    return field(
        default_factory=lambda: recipe_class(package, kind, package)(),
        metadata={"package": package, "default": kind},
    )


def some_of(package: str, *entries: Mapping[str, Any]) -> Any:
    """A dataclass field that holds several recipes of `package`; by default those of `entries`."""
    return field(
        default_factory=lambda: tuple(read_recipe(package, e, package) for e in entries),
        metadata={"package": package, "several": True},
    )


def read_recipe(package: str, entry: Mapping[str, Any], where: str, default: str = "") -> Any:
    """The recipe that a config entry asks for by its `kind`.

    Raises ConfigError for an unknown kind or setting, or a value out of range.
    """
    entry = expect_mapping(entry, where)
    kind = entry.get("kind", default)
    if not kind:
        raise ConfigError(f"{where}.kind: is missing; one of {', '.join(kinds(package))}")
    rest = {key: value for key, value in entry.items() if key != "kind"}
    return read_settings(recipe_class(package, kind, f"{where}.kind"), rest, where)


def kind_of(recipe: Any) -> str:
    """The config word that a recipe stands for: the name of its file, or of its module outside."""
    module = type(recipe).__module__
    return module.rsplit(".", 1)[-1] if module.startswith("yt8m.") else module


def as_entry(settings: Any) -> dict[str, Any]:
    """The config entry of a recipe or settings object, every default filled in."""
    entry = {} if not _is_recipe(settings) else {"kind": kind_of(settings)}
    for f in fields(settings):
        value = getattr(settings, f.name)
        entry[f.name] = as_entry(value) if is_dataclass(value) else _plain(value)
    return entry


def read_settings(cls: type, entry: Mapping[str, Any], where: str) -> Any:
    """A settings dataclass out of a config mapping: strict about words, types and ranges.

    A class with a method `check(where)` is asked to check its values.

    Raises ConfigError naming the setting by its dotted path.
    """
    entry = expect_mapping(entry, where)
    known = {f.name: f for f in fields(cls)}
    for word in entry:
        if word not in known:
            at = f"{where}.{word}" if where else str(word)
            raise ConfigError(f"{at}: unknown setting{suggestion(word, known)}")
    hints = get_type_hints(cls)
    values = {}
    for name, f in known.items():
        at = f"{where}.{name}" if where else name
        if name in entry:
            values[name] = read_value(hints[name], entry[name], at, f.metadata)
        elif f.default is MISSING and f.default_factory is MISSING:
            raise ConfigError(f"{at}: is missing")
    settings = cls(**values)
    if hasattr(settings, "check"):
        settings.check(where)
    return settings


def expect_mapping(entry: Any, where: str) -> Mapping[str, Any]:
    """`entry` itself, when it is a mapping of words to values."""
    if not isinstance(entry, Mapping):
        raise ConfigError(f"{where}: is {shown(entry)}; expected a mapping of settings")
    for word in entry:
        if not isinstance(word, str):
            raise ConfigError(
                f"{where or 'config'}: YAML reads one of its words as {word!r}, which is no text; "
                "put it in quotes"
            )
    return entry


def read_value(
    hint: Any, value: Any, where: str, metadata: Mapping[str, Any] = MappingProxyType({})
) -> Any:
    """A value of a config as the type that a dataclass field has by `hint` and `metadata`.

    metadata: `package` (recipes), `choices`, the `range` (least, most) of a number, or what is to
    `read` a text (text, where -> text).
    Raises ConfigError naming `where`.
    """
    if metadata.get("several"):
        each = enumerate(_expect_list(value, where))
        return tuple(read_recipe(metadata["package"], v, f"{where}[{i}]") for i, v in each)
    if "package" in metadata:
        return read_recipe(metadata["package"], value, where, metadata["default"])
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        if value is None and NoneType in args:
            return None
        return read_value(next(a for a in args if a is not NoneType), value, where, metadata)
    if is_dataclass(hint):
        return read_settings(hint, value, where)
    if origin is not None and issubclass(origin, Mapping):
        items = expect_mapping(value, where).items()
        return {k: read_value(args[1], v, f"{where}.{k}") for k, v in items}
    if origin is tuple:
        items = _expect_list(value, where)
        if Ellipsis not in args and len(items) != len(args):
            raise ConfigError(f"{where}: is {shown(value)}; expected a list of {len(args)}")
        return tuple(read_value(args[0], v, f"{where}[{i}]") for i, v in enumerate(items))
    return _read_scalar(hint, value, where, metadata)


def _expect_list(value: Any, where: str) -> Sequence[Any]:
    if not isinstance(value, (list, tuple)):
        raise ConfigError(f"{where}: is {shown(value)}; expected a list")
    return value


def _read_scalar(hint: type, value: Any, where: str, metadata: Mapping[str, Any]) -> Any:
    if hint is Any:
        return value
    value = _number(value) if hint is float else value
    if not isinstance(value, hint) or (hint is not bool and isinstance(value, bool)):
        raise ConfigError(f"{where}: is {shown(value)}; expected {_EXPECTED.get(hint, hint)}")
    if hint in (int, float):
        _check_number(value, where, metadata.get("range", _RANGES[hint]))
    if hint is str:
        _check_text(value, where)
        value = metadata["read"](value, where) if "read" in metadata else value
    choices = metadata.get("choices")
    if choices and value not in choices:
        among = ", ".join(map(str, choices))
        raise ConfigError(f"{where}: is {shown(value)}; expected one of {among}")
    return value


_EXPECTED = {int: "a whole number", float: "a number", bool: "true or false", str: "a text"}
_RANGES = {int: (-(2**63), 2**63 - 1), float: (-sys.float_info.max, sys.float_info.max)}
SEED = {"range": (0, 2**32 - 1)}
"""Metadata of a field that is a seed: what all generators of random numbers take."""


def _number(value: Any) -> Any:
    """YAML reads `1e-6` (no point) as a text; people mean the number. Others stay what they are."""
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return value
    try:
        return float(value)
    except (ValueError, OverflowError):
        return value


def _check_number(value: float, where: str, limits: tuple[float, float]) -> None:
    least, most = limits
    if isinstance(value, float) and not isfinite(value):
        raise ConfigError(f"{where}: is {value}; expected a finite number")
    if not least <= value <= most:
        raise ConfigError(f"{where}: is {shown(value)}; from {least} to {most}")


def _check_text(value: str, where: str) -> None:
    """Texts become arguments of commands, which end at a NUL and are bytes."""
    if "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise ConfigError(f"{where}: is {shown(value)}; no NUL or lone surrogate can be there")


def shown(value: Any) -> str:
    """A value as it is written in Python, for a message: the beginning of a long one."""
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:76]} ..."


def suggestion(word: str, known: Collection[str]) -> str:
    """The end of a message about an unknown word: what may have been meant, or all there is."""
    close = difflib.get_close_matches(str(word), list(known), n=1)
    if close:
        return f", did you mean '{close[0]}'?"
    return f"; known: {', '.join(sorted(known))}"


def _is_recipe(settings: Any) -> bool:
    return type(settings).__name__ == "Recipe"


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {k: as_entry(v) if is_dataclass(v) else _plain(v) for k, v in value.items()}
    if isinstance(value, tuple):
        return [as_entry(v) if is_dataclass(v) else _plain(v) for v in value]
    return asdict(value) if is_dataclass(value) else value


def recipe_modules(recipe: Any) -> list[str]:
    """Modules whose code a recipe runs: its own file and those of the recipes inside it."""
    inside = [getattr(recipe, f.name) for f in fields(recipe)]
    nested = [m for value in inside if is_dataclass(value) for m in recipe_modules(value)]
    return [type(recipe).__module__, *nested]
