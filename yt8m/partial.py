"""Settings as far as they are valid, to find all mistakes in a config that has some."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from types import NoneType
from typing import Annotated, Any, TypeVar, get_args, get_origin

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import is_pydantic_dataclass

Item = TypeVar("Item")


class InvalidSetting(Exception):
    """A setting was needed whose value in the config is invalid."""


def as_far_as_valid(items: Iterable[Item]) -> Iterator[Item]:
    """The items of an iterator until it needs a setting that is invalid."""
    try:
        yield from items
    except InvalidSetting:
        return


def valid_or(default: Item, read: Callable[[], Item]) -> Item:
    """What `read` returns, or `default` if it needs a setting that is invalid."""
    try:
        return read()
    except InvalidSetting:
        return default


def partial_settings(cls: type, entry: Any) -> Any:
    """An object of a settings class; to read one of its invalid settings raises InvalidSetting."""
    made = object.__new__(_partial(cls))
    for word, info in cls.__pydantic_fields__.items() if isinstance(entry, Mapping) else ():
        try:
            if word in entry:
                object.__setattr__(made, word, _field_value(info, entry[word]))
            elif not info.is_required():
                object.__setattr__(made, word, info.get_default(call_default_factory=True))
        except (ValidationError, InvalidSetting):
            continue
    return made


def _field_value(info: Any, value: Any) -> Any:
    family = info.json_schema_extra
    if family is not None:
        return family.read_partially(value)
    hint = Annotated[(info.annotation, *info.metadata)] if info.metadata else info.annotation
    return _value(hint, value)


def _value(hint: Any, value: Any) -> Any:
    """A value of this type; nested settings as far as they are valid."""
    cls = get_args(hint)[0] if get_origin(hint) is Annotated else hint
    options = [t for t in get_args(cls) if t is not NoneType]
    if value is not None and NoneType in get_args(cls) and len(options) == 1:
        return _value(options[0], value)
    if isinstance(cls, type) and is_pydantic_dataclass(cls):
        return value if isinstance(value, cls) else partial_settings(cls, value)
    if is_mapping(cls) and isinstance(value, Mapping) and all(isinstance(w, str) for w in value):
        return {word: _value(get_args(cls)[1], each) for word, each in value.items()}
    return _reader(hint).validate_python(value, strict=True)


@cache
def _reader(hint: Any) -> TypeAdapter:
    """Made once a type: that takes pydantic a hundred times as long as to read a value."""
    return TypeAdapter(hint)


def is_mapping(hint: Any) -> bool:
    """Whether a type is a mapping with types of keys and values."""
    origin = get_origin(hint)
    return isinstance(origin, type) and issubclass(origin, Mapping)


@cache
def _partial(cls: type) -> type:
    fields = cls.__pydantic_fields__

    def read(self, word: str) -> Any:
        if word in fields and word not in object.__getattribute__(self, "__dict__"):
            raise InvalidSetting(word)
        return object.__getattribute__(self, word)

    return type(cls.__name__, (cls,), {"__getattribute__": read, "__module__": cls.__module__})
