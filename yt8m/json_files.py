"""JSON artefacts: written in one format, and checked against an expected shape when read.

A shape describes a value: a `Fits`, `[shape]` for a list, `{"key": shape}` for a mapping with at
least these keys, `{str: shape}` for one with any keys, `Maybe(shape)` for a value that may be null
or a key that may be missing.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yt8m.atomic import replacing
from yt8m.errors import ArtefactError
from yt8m.files import open_regular
from yt8m.printable import shortened


@dataclass(frozen=True)
class Fits:
    """A value for which `test` is true. words: its description in messages."""

    test: Callable[[Any], bool]
    words: str


@dataclass(frozen=True)
class Maybe:
    """A value of this shape, null, or a missing key."""

    shape: Any


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 63


def _number(value: Any) -> bool:
    return _whole(value) or (isinstance(value, float) and math.isfinite(value))


def _text(pattern: str) -> Callable[[Any], bool]:
    found = re.compile(pattern, re.DOTALL)
    return lambda value: isinstance(value, str) and found.fullmatch(value) is not None


ANYTHING = Fits(lambda value: True, "anything")
TEXT = Fits(_text(".*"), "a text")
PATH = Fits(_text("[^\0]+"), "a path")
DIGEST = Fits(_text("[0-9a-f]{64}"), "a SHA-256 of 64 hexadecimal digits")
MAPPING = Fits(lambda value: isinstance(value, Mapping), "a mapping")
NUMBER = Fits(_number, "a finite number")
AMOUNT = Fits(lambda value: _whole(value) and value >= 0, "a whole number of 0 or more")
COUNT = Fits(lambda value: _whole(value) and value >= 1, "a whole number of 1 or more")


def one_of(*values: Any) -> Fits:
    """The shape of exactly one of these texts or whole numbers."""
    words = " or ".join(repr(value) for value in values)
    return Fits(lambda value: any(type(value) is type(v) and value == v for v in values), words)


def write_json(path: str | Path, value: Any) -> None:
    """Write JSON atomically, with sorted keys, so that equal content gives equal bytes."""
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(value, indent=1, sort_keys=True) + "\n")


def read_json(path: str | Path, shape: Any = ANYTHING) -> Any:
    """The content of a JSON artefact, which must be of this shape.

    Raises ArtefactError, naming the file and the place in it, if it is missing, damaged, not a
    regular file, or of another shape.
    """
    try:
        with open_regular(path) as file:
            content = parse_json(file.read())
    except FileNotFoundError:
        raise ArtefactError(f"{path}: no such file; make it first") from None
    except OSError as error:
        raise ArtefactError(f"{path}: cannot be read ({error.strerror})") from None
    except ValueError as error:
        raise ArtefactError(
            f"{path}: is not valid JSON, or damaged ({error}); make it again, or use another file"
        ) from None
    expect(content, shape, path)
    return content


def parse_json(text: bytes | str) -> Any:
    """The value of a JSON text, or of its UTF-8 bytes.

    Raises ValueError if it is not valid JSON, nested too deeply, or repeats a key of a mapping.
    """
    try:
        text = text if isinstance(text, str) else text.decode()
        return json.loads(text, object_pairs_hook=_mapping)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def expect(value: Any, shape: Any, path: str | Path, place: str = "") -> None:
    """Raises ArtefactError for the first part of a file's content that is not of the shape.

    place: of `value` in the file, such as "shards[3].records"; empty for the whole content.
    """
    if isinstance(shape, Maybe):
        if value is not None:
            expect(value, shape.shape, path, place)
    elif isinstance(shape, list):
        _refuse_unless(isinstance(value, list), value, "a list", path, place)
        for number, one in enumerate(value):
            expect(one, shape[0], path, f"{place}[{number}]")
    elif isinstance(shape, Mapping):
        _refuse_unless(isinstance(value, Mapping), value, "a mapping", path, place)
        shapes = dict.fromkeys(value, shape[str]) if str in shape else shape
        for key, of in shapes.items():
            at = f"{place}.{_key(key)}" if place else _key(key)
            if key not in value and not isinstance(of, Maybe):
                raise ArtefactError(f"{path}: {at}: is missing; make the file again")
            expect(value.get(key), of, path, at)
    else:
        _refuse_unless(shape.test(value), value, shape.words, path, place)


def _refuse_unless(fine: bool, value: Any, words: str, path: str | Path, place: str) -> None:
    if not fine:
        at = f"{path}: {place}" if place else path
        raise ArtefactError(f"{at}: is {shortened(value)}; expected {words}")


def _key(key: str) -> str:
    return shortened(key)[1:-1]


def _mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        key = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise ValueError(f"the key {shortened(key)} is repeated")
    return found
