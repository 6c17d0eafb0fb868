"""From the `kind` in a config to the recipe in the file of that name.

`{kind: netvlad, clusters: 64}` under `models` becomes `yt8m.models.netvlad.Recipe(clusters=64)`.
There is no registry: a new kind is a new file with a settings class `Recipe`. A kind with a dot,
`{kind: my_models.mean_pool}`, is an external module. Importing a recipe's module does not import
TensorFlow, so planning a workflow is fast.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass
from functools import partial
from typing import Annotated, Any, get_args

from pydantic import BeforeValidator, Field, PlainValidator
from pydantic_core import PydanticCustomError

from yt8m.errors import ConfigError
from yt8m.mistakes import Mistake, refuse, shown, suggestion
from yt8m.partial import InvalidSetting
from yt8m.printable import error_line
from yt8m.protocols import (
    ClassifierRecipe,
    ImageExtractor,
    ModelRecipe,
    ProjectionRecipe,
    Quantiser,
    SoundExtractor,
    Source,
)
from yt8m.strict import as_tuple, as_validation_error, attempt, is_settings, words_of

FAMILY = "x-family"
"""Key in a JSON schema that stands for any recipe of a family."""

PROTOCOLS = {
    "yt8m.models": ModelRecipe,
    "yt8m.classifiers": ClassifierRecipe,
    "yt8m.compression.quantisers": Quantiser,
    "yt8m.data.sources": Source,
    "yt8m.projections": ProjectionRecipe,
    "yt8m.extractors.images": ImageExtractor,
    "yt8m.extractors.sounds": SoundExtractor,
}
"""Package -> what its recipes must offer. An external recipe without it is refused."""

REQUIRED = ""
"""In place of a default kind: the setting is required."""


@dataclass(frozen=True)
class Family:
    """Marks a field as holding one recipe of a package, or several: a list, or a mapping by name.

    kind: the default recipe's, with its own defaults; REQUIRED if there is no default. In a
        mapping, the kind of an entry that names none.
    """

    package: str
    kind: str = REQUIRED
    several: bool = False
    by_name: bool = False

    def annotation(self, hint: Any) -> Any:
        """The field's type for pydantic."""
        of = get_args(hint)[-1] if self.by_name else get_args(hint)[0] if self.several else hint
        one = Annotated[of, PlainValidator(partial(_read_inside, self.package, self.kind))]
        if self.by_name:
            return Annotated[Mapping[str, one], BeforeValidator(words_of)]
        return Annotated[tuple[one, ...], BeforeValidator(as_tuple)] if self.several else one

    def read_partially(self, entry: Any) -> Any:
        """The field's value as far as it is valid. Raises InvalidSetting without valid kinds."""
        if self.by_name:
            if not isinstance(entry, Mapping) or not all(isinstance(word, str) for word in entry):
                raise InvalidSetting
            return {word: self._read_one_partially(each) for word, each in entry.items()}
        if not self.several:
            return self._read_one_partially(entry)
        if not isinstance(entry, list | tuple):
            raise InvalidSetting
        return tuple(map(self._read_one_partially, entry))

    def _read_one_partially(self, entry: Any) -> Any:
        if is_dataclass(entry):
            return entry
        made, _ = attempt_recipe(self.package, entry, self.kind)
        if made is None:
            raise InvalidSetting
        return made

    def __call__(self, schema: dict[str, Any]) -> None:
        """The field's JSON schema in pydantic, to be completed by `config.schema`."""
        one = {FAMILY: self.package}
        if self.by_name:
            schema |= {"type": "object", "additionalProperties": one}
        else:
            schema |= {"type": "array", "items": one} if self.several else one


def kinds(package: str) -> list[str]:
    """Names of the files of `package` (such as "yt8m.models") that define a `Recipe`."""
    return sorted(name for name in _files(package) if _recipe_in(f"{package}.{name}"))


def _files(package: str) -> list[str]:
    found = importlib.import_module(package)
    return [m.name for m in pkgutil.iter_modules(found.__path__) if not m.ispkg]


def _recipe_in(module: str) -> type | None:
    return getattr(importlib.import_module(module), "Recipe", None)


def recipe_class(package: str, kind: str, where: str) -> type:
    """The `Recipe` of one kind: a file of `package`, or with a dot an external module.

    Raises ConfigError if it does not exist.
    """
    cls, mistakes = _class_of(package, kind)
    if mistakes:
        refuse(mistakes, where)
    return cls


def one_of(package: str, kind: str = REQUIRED, description: str = "") -> Any:
    """A field that holds a recipe of `package`; by default of `kind`, with its defaults."""
    default = {} if kind == REQUIRED else {"default_factory": lambda: _made(package, {}, kind)}
    return Field(**default, description=description, json_schema_extra=Family(package, kind))


def some_of(package: str, *entries: Mapping[str, Any], description: str = "") -> Any:
    """A field that holds several recipes of `package`; by default those of `entries`."""
    return Field(
        default_factory=lambda: tuple(_made(package, entry) for entry in entries),
        description=description,
        json_schema_extra=Family(package, several=True),
    )


def by_name(package: str, kind: str, *, description: str = "") -> Any:
    """A field that holds recipes of `package` by name, none by default.

    kind: of an entry that names none.
    """
    family = Family(package, kind, by_name=True)
    return Field(default_factory=dict, description=description, json_schema_extra=family)


def read_recipe(package: str, entry: Mapping[str, Any], where: str, default: str = "") -> Any:
    """The recipe of a config entry, chosen by its `kind`.

    Raises ConfigError for an unknown kind, and for all settings that are unknown or invalid.
    """
    made, mistakes = attempt_recipe(package, entry, default)
    if mistakes:
        refuse(mistakes, where)
    return made


def read_settings(cls: type, entry: Mapping[str, Any], where: str) -> Any:
    """Settings from a config mapping, with strict keys, types and ranges.

    Raises ConfigError naming all invalid settings by their dotted paths.
    """
    made, mistakes = attempt(cls, entry)
    if mistakes:
        refuse(mistakes, where)
    return made


def expect_mapping(entry: Any, where: str) -> Mapping[str, Any]:
    """`entry` itself if it is a mapping with string keys; otherwise raises ConfigError."""
    try:
        return words_of(entry)
    except PydanticCustomError as error:
        raise ConfigError(f"{where}: {error}") from None


def attempt_recipe(
    package: str, entry: Any, default: str = "", beside: Collection[str] = ()
) -> tuple[Any, list[Mistake]]:
    """A recipe from its entry (None if it has no valid `kind`), and all mistakes in it.

    beside: as in `attempt`.
    """
    if not isinstance(entry, Mapping):
        return None, [Mistake((), f"is {shown(entry)}; expected a mapping of settings")]
    kind = entry.get("kind", default)
    if not kind:
        return None, [Mistake(("kind",), f"is missing; one of {', '.join(kinds(package))}")]
    cls, mistakes = _class_of(package, kind)
    if mistakes:
        return None, [mistake.below("kind") for mistake in mistakes]
    return attempt(cls, {word: value for word, value in entry.items() if word != "kind"}, beside)


def kind_of(recipe: Any) -> str:
    """The `kind` of a recipe: the name of its file, or of its external module."""
    module = type(recipe).__module__
    return module.rsplit(".", 1)[-1] if module.startswith("yt8m.") else module


def as_entry(settings: Any) -> dict[str, Any]:
    """The config entry of a recipe or settings object, with all defaults."""
    entry = {} if not _is_recipe(settings) else {"kind": kind_of(settings)}
    for f in fields(settings):
        value = getattr(settings, f.name)
        entry[f.name] = as_entry(value) if is_dataclass(value) else _plain(value)
    return entry


def recipe_modules(recipe: Any) -> list[str]:
    """Modules of a recipe and of the recipes inside it."""
    inside = [each for f in fields(recipe) for each in _members(getattr(recipe, f.name))]
    nested = [m for value in inside if is_dataclass(value) for m in recipe_modules(value)]
    return [type(recipe).__module__, *nested]


def _members(value: Any) -> list[Any]:
    if isinstance(value, Mapping):
        return list(value.values())
    return list(value) if isinstance(value, tuple) else [value]


def _class_of(package: str, kind: Any) -> tuple[Any, list[Mistake]]:
    if isinstance(kind, str) and "." in kind:
        return _from_outside(package, kind)
    if kind in _files(package) and (cls := _recipe_in(f"{package}.{kind}")):
        return cls, []
    return None, [Mistake((), f"unknown kind {shown(kind)}{suggestion(kind, kinds(package))}")]


def _from_outside(package: str, module: str) -> tuple[Any, list[Mistake]]:
    try:
        cls = _recipe_in(module)
    except (Exception, SystemExit) as error:
        text = f"{shown(module)} cannot be imported ({error_line(error)})"
        if isinstance(error, ModuleNotFoundError) and f"{module}.".startswith(f"{error.name}."):
            text += "; add its folder to PYTHONPATH, or install it with pip"
        return None, [Mistake((), text)]
    if not is_settings(cls):
        text = "no class `Recipe`" if cls is None else "a `Recipe` that is not a settings class"
        return None, [Mistake((), f"{shown(module)} has {text}; see `yt8m.strict.settings`")]
    offered = methods(cls)
    for name, parameters in methods(PROTOCOLS[package]).items():
        if offered.get(name) != parameters:
            text = f"has no method {name}({', '.join(parameters)}), as recipes of {package} have"
            return None, [Mistake((), f"the `Recipe` of {shown(module)} {text}")]
    return cls, []


def methods(cls: type) -> dict[str, list[str]]:
    """The public methods of a class, and the names of their parameters."""
    found = inspect.getmembers(cls, inspect.isfunction)
    return {n: list(inspect.signature(m).parameters)[1:] for n, m in found if not n.startswith("_")}


def _read_inside(package: str, kind: str, entry: Any) -> Any:
    """A recipe inside settings; a `Recipe` object is returned unchanged."""
    if is_dataclass(entry):
        return entry
    made, mistakes = attempt_recipe(package, entry, kind)
    if mistakes:
        raise as_validation_error(mistakes)
    return made


def _made(package: str, entry: Mapping[str, Any], kind: str = "") -> Any:
    return read_recipe(package, entry, package, kind)


def _is_recipe(settings: Any) -> bool:
    return type(settings).__name__ == "Recipe"


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {k: as_entry(v) if is_dataclass(v) else _plain(v) for k, v in value.items()}
    if isinstance(value, tuple):
        return [as_entry(v) if is_dataclass(v) else _plain(v) for v in value]
    return asdict(value) if is_dataclass(value) else value
