"""Settings classes: frozen dataclasses that pydantic reads strictly from a config.

    @settings
    class Averaging:
        '''The phase after training that averages all weights.'''

        epochs: int = Field(2, ge=1, description="passes over the training split")

Fields have ordinary types. Their default, limits and description are in `Field` and nowhere else:
errors, `config/README.md` and the JSON schema are generated from them. A class may have a method
`problems()`, which checks combinations of valid values and yields pairs of a dotted path and a
text.

Strict: a text is not read as a number, except where YAML should have (`1e-6`); nor is `true`.
"""

import inspect
import re
from collections.abc import Callable, Collection, Mapping
from functools import cache, partial
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    TypeVar,
    Union,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
)

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, PlainValidator
from pydantic.dataclasses import dataclass, is_pydantic_dataclass
from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError

from yt8m.errors import ConfigError
from yt8m.mistakes import Mistake, as_yaml, number, shown, suggestion, text_of
from yt8m.partial import as_far_as_valid, is_mapping, partial_settings

Class = TypeVar("Class", bound=type)
Seed = Annotated[int, Field(ge=0, le=2**32 - 1)]
"""Seeds that all generators of random numbers accept."""

Penalty = Annotated[float, Field(ge=0, le=1e30)]
Share = Annotated[float, Field(ge=0, le=1)]
_EXPONENT = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)[eE][-+]?[0-9]+")
_CONFIG = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False, defer_build=True)


@dataclass_transform(frozen_default=True, field_specifiers=(Field,))
def settings(cls: Class) -> Class:
    """Class decorator: a frozen dataclass whose fields are read strictly."""
    for name, hint in inspect.get_annotations(cls).items():
        family = getattr(getattr(cls, name, None), "json_schema_extra", None)
        cls.__annotations__[name] = family.annotation(hint) if family else _strictly(hint)
    return dataclass(frozen=True, config=_CONFIG)(cls)


def is_settings(cls: type) -> bool:
    """Whether a class was made by `settings`."""
    return isinstance(cls, type) and is_pydantic_dataclass(cls)


def fields_of(cls: type) -> dict[str, Any]:
    """Key -> pydantic's `FieldInfo`: default, limits, description."""
    return cls.__pydantic_fields__


@cache
def hints_of(cls: type) -> dict[str, Any]:
    """Key -> type, without limits and conversions."""
    return get_type_hints(cls)


def settings_inside(hint: Any) -> tuple[type | None, bool]:
    """The settings class in a field's type, if any, and whether it is a mapping by name."""
    origin, args = get_origin(hint), get_args(hint)
    if is_settings(hint):
        return hint, False
    if origin is not None and NoneType in args:
        return settings_inside(next(a for a in args if a is not NoneType))
    if origin in (Union, UnionType):
        return next(filter(None, map(settings_inside, args)), (None, False))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return settings_inside(args[1])[0], True
    return None, False


def unchecked(cls: type, **words: Any) -> Any:
    """Settings without any checks of their values, with defaults filled in."""
    made = object.__new__(cls)
    for word, info in fields_of(cls).items():
        value = words[word] if word in words else info.get_default(call_default_factory=True)
        object.__setattr__(made, word, value)
    return made


def attempt(cls: type, entry: Any, beside: Collection[str] = ()) -> tuple[Any, list[Mistake]]:
    """Settings from a config mapping, and all mistakes in it.

    If values are invalid, the settings are partial: to read such a one raises InvalidSetting.

    beside: keys that are also valid there, but have already been removed; for suggestions.
    """
    try:
        entry = words_of(entry)
    except PydanticCustomError as error:
        return partial_settings(cls, entry), [Mistake((), str(error))]
    known = fields_of(cls)
    mistakes = [
        Mistake((word,), f"unknown setting{suggestion(word, [*known, *beside])}")
        for word in entry
        if word not in known
    ]
    try:
        made = cls(**{w: _over_default(known[w], entry[w]) for w in entry if w in known})
    except ValidationError as error:
        made, mistakes = partial_settings(cls, entry), mistakes + mistakes_in(error)
    problems = as_far_as_valid(getattr(made, "problems", tuple)())
    mistakes += [Mistake(tuple(word.split(".")) if word else (), text) for word, text in problems]
    return made, mistakes


def _over_default(info: Any, value: Any) -> Any:
    """Nested settings over the field's own default, which may differ from its class's."""
    is_recipe = info.json_schema_extra is not None
    if is_recipe or info.is_required() or not isinstance(value, Mapping):
        return value
    default = info.get_default(call_default_factory=True)
    return {**vars(default), **value} if is_settings(type(default)) else value


def mistakes_in(error: ValidationError) -> list[Mistake]:
    """The mistakes that pydantic found, with our messages."""
    return [Mistake(tuple(e["loc"]), text_of(e)) for e in error.errors(include_url=False)]


def read_inside(cls: type, entry: Any) -> Any:
    """Nested settings, whose mistakes are reported as mistakes of the outer settings."""
    if isinstance(entry, cls):
        return entry
    made, mistakes = attempt(cls, entry)
    if mistakes:
        raise as_validation_error(mistakes)
    return made


def as_validation_error(mistakes: list[Mistake]) -> ValidationError:
    """Mistakes as an error for pydantic, which prepends the path of the field."""
    lines = [InitErrorDetails(type=_error(m.text), loc=m.path, input=None) for m in mistakes]
    return ValidationError.from_exception_data("settings", lines)


def words_of(value: Any) -> Mapping[str, Any]:
    """`value` itself, if it is a mapping with string keys."""
    if not isinstance(value, Mapping):
        raise _error(f"is {shown(value)}; expected a mapping of settings")
    for word in value:
        if not isinstance(word, str):
            raise _error(f"YAML reads one of its keys as {word!r}, which is not a text; quote it")
    return value


def refused_by(read: Callable[[str, str], str]) -> AfterValidator:
    """Annotation of a text's type. read: (text, where) -> text, or raises ConfigError."""

    def validated(text: str) -> str:
        try:
            return read(text, "")
        except ConfigError as error:
            raise _error(str(error).removeprefix(": ")) from None

    return AfterValidator(validated)


def _error(text: str) -> PydanticCustomError:
    return PydanticCustomError("refused", "{text}", {"text": text})


def _strictly(hint: Any) -> Any:
    """A field's type with strict conversions from YAML's values."""
    origin, args = get_origin(hint), get_args(hint)
    if origin is Literal:
        return Annotated[hint, BeforeValidator(partial(_chosen, args))]
    if origin is Annotated:  # limits before conversions, for the JSON schema
        return Annotated[(*args, _SCALARS[args[0]])] if args[0] in _SCALARS else hint
    if hint in _SCALARS:
        return Annotated[hint, _SCALARS[hint]]
    if is_settings(hint):
        return Annotated[hint, PlainValidator(partial(read_inside, hint), hint)]
    if origin in (Union, UnionType):
        return Union[tuple(a if a is NoneType else _strictly(a) for a in args)]  # noqa: UP007
    if origin is tuple:
        inside = tuple(a if a is Ellipsis else _strictly(a) for a in args)
        length = None if Ellipsis in args else len(args)
        return Annotated[tuple[inside], BeforeValidator(partial(as_tuple, length=length))]
    if is_mapping(hint):
        return Annotated[Mapping[str, _strictly(args[1])], BeforeValidator(words_of)]
    return hint


def as_tuple(value: Any, length: int | None = None) -> Any:
    """YAML's lists as tuples. Raises PydanticCustomError for a list of another length."""
    if length is not None and isinstance(value, list | tuple) and len(value) != length:
        raise _error(f"is {shown(value)}; expected a list of {length}")
    return tuple(value) if isinstance(value, list) else value


def _number(value: Any) -> Any:
    """YAML reads `1e-6` (without a point) as a text; convert it. Other values are unchanged."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return value
    if isinstance(value, str) and not _EXPONENT.fullmatch(value):
        return value
    try:
        return float(value)
    except (ValueError, OverflowError):
        return value


def _chosen(choices: tuple, value: Any) -> Any:
    """Refuse numbers that only Python takes for a choice, such as `true` or 1.0 for 1."""
    if isinstance(value, bool | int | float) and type(value) not in map(type, choices):
        expected = as_yaml(", ".join(map(repr, choices)))
        raise _error(f"is {shown(value)}; expected one of {expected}")
    return value


def _whole(value: int) -> int:
    """Check that a whole number fits 64 bits, as arrays and other programs require."""
    if not -(2**63) <= value < 2**63:
        raise _error(f"is {shown(value)}; must fit 64 bits: at most {number(2**63 - 1)}")
    return value


def _text(value: Any) -> Any:
    """Check that a text can be an argument of a command: no NUL, and valid Unicode."""
    if isinstance(value, str) and any(c == "\0" or "\ud800" <= c <= "\udfff" for c in value):
        raise _error(f"is {shown(value)}; must not contain a NUL or a lone surrogate")
    return value


_SCALARS = {
    int: AfterValidator(_whole),
    float: BeforeValidator(_number),
    str: BeforeValidator(_text),
}
