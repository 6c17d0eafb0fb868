"""JSON artefacts: written in one way, and checked against what they should hold when read.

A shape says what a value must be: a `Fits`, `[shape]` for a list, `{"word": shape}` for a mapping
that has at least these words, `{str: shape}` for one of any words, `Maybe(shape)` for a value that
may be null, or a word that may be missing.
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
    """What `test` is true of. words: what that is, for messages."""

    test: Callable[[Any], bool]
    words: str


@dataclass(frozen=True)
class Maybe:
    """A shape, or null, or nothing at all."""

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
    """Exactly one of these texts or whole numbers."""
    words = " or ".join(repr(value) for value in values)
    return Fits(lambda value: any(type(value) is type(v) and value == v for v in values), words)


def write_json(path: str | Path, value: Any) -> None:
    """Sorted keys, so that equal content is equal bytes."""
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(value, indent=1, sort_keys=True) + "\n")


def read_json(path: str | Path, shape: Any = ANYTHING) -> Any:
    """The content of a JSON artefact, which must be of this shape.

    Raises ArtefactError, naming the file and the place in it, when it is missing, damaged, no
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
            f"{path}: is no JSON, or damaged ({error}); make it again, or give another"
        ) from None
    expect(content, shape, path)
    return content


def parse_json(text: bytes | str) -> Any:
    """The value that a text, or its UTF-8, stands for. Raises ValueError for whatever is no JSON,
    is nested too deeply, or gives a word of a mapping twice.
    """
    try:
        text = text if isinstance(text, str) else text.decode()
        return json.loads(text, object_pairs_hook=_mapping)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def expect(value: Any, shape: Any, path: str | Path, place: str = "") -> None:
    """Raises ArtefactError for the first part of a file's content that is not of the shape.

    place: of `value` in the file, such as "shards[3].records"; empty for all of it.
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
        words = dict.fromkeys(value, shape[str]) if str in shape else shape
        for word, of in words.items():
            at = f"{place}.{_word(word)}" if place else _word(word)
            if word not in value and not isinstance(of, Maybe):
                raise ArtefactError(f"{path}: {at}: is missing; make the file again")
            expect(value.get(word), of, path, at)
    else:
        _refuse_unless(shape.test(value), value, shape.words, path, place)


def _refuse_unless(fine: bool, value: Any, words: str, path: str | Path, place: str) -> None:
    if not fine:
        at = f"{path}: {place}" if place else path
        raise ArtefactError(f"{at}: is {shortened(value)}; expected {words}")


def _word(word: str) -> str:
    return shortened(word)[1:-1]


def _mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        word = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise ValueError(f"{shortened(word)} is there twice")
    return found
