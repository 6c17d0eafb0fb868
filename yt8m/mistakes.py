"""Mistakes in a config: where, what was found, how to fix it. All are reported at once."""

import difflib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from yt8m.errors import ConfigError

Path = tuple[str | int, ...]

ALIKE = 0.65
"""Least similarity of a suggestion: it finds `lambda` for `lamdba`, but not `light` for `ghost`."""


@dataclass(frozen=True)
class Mistake:
    """One mistake. path: keys and list indices, relative to where reading began."""

    path: Path
    text: str

    def below(self, *above: str | int) -> "Mistake":
        """The same mistake, with a path from further up."""
        return Mistake((*above, *self.path), self.text)

    def line(self, where: str = "") -> str:
        """Such as "models.vlad.sizes[0]: is 3; 4 or more".

        where: prefix of the path; a file's name if it ends with ": ".
        """
        dotted = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in self.path)
        if not where or where.endswith(": "):
            dotted = dotted.removeprefix(".")
        place = f"{where}{dotted}".removesuffix(": ")
        return f"{place}: {self.text}" if place else self.text


def refuse(mistakes: Iterable[Mistake], where: str = "") -> NoReturn:
    """Raises ConfigError with one line per mistake, without duplicates."""
    lines = list(dict.fromkeys(mistake.line(where) for mistake in mistakes))
    if len(lines) == 1:
        raise ConfigError(lines[0])
    raise ConfigError("\n  ".join([f"{len(lines)} mistakes:", *lines]))


_EXPECTED = {
    "int_type": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "string_type": "a text",
    "tuple_type": "a list",
}
_LIMITS = {
    "greater_than": "more than {gt}",
    "greater_than_equal": "{ge} or more",
    "less_than": "less than {lt}",
    "less_than_equal": "at most {le}",
    "multiple_of": "a multiple of {multiple_of}",
}


def text_of(error: Mapping[str, Any]) -> str:
    """A pydantic error (an item of `ValidationError.errors()`) as one of our messages."""
    kind, found, about = error["type"], shown(error["input"]), error.get("ctx", {})
    if kind == "missing":
        return "is missing"
    if kind == "literal_error":
        return f"is {found}; expected one of {as_yaml(about['expected'])}"
    if kind == "string_pattern_mismatch":
        return f"is {found}; expected a text that matches {about['pattern']}"
    if kind in _EXPECTED:
        return f"is {found}; expected {_EXPECTED[kind]}"
    if kind in _LIMITS:
        limits = {word: number(limit) for word, limit in about.items()}
        return f"is {found.removesuffix('.0')}; {_LIMITS[kind].format(**limits)}"
    return error["msg"]


def as_yaml(text: str) -> str:
    """Choices with `true` and `false` in place of Python's words."""
    return text.replace("True", "true").replace("False", "false")


def number(value: float) -> str:
    """A number as text, such as 1,000,000 or 1e-30."""
    return f"{value:,}" if isinstance(value, int) else f"{value:g}"


def shown(value: Any) -> str:
    """A value as Python writes it, for messages; long ones are cut off."""
    try:
        text = repr(value)
    except ValueError:  # more digits than Python converts
        return "a whole number of thousands of digits"
    return text if len(text) <= 80 else f"{text[:76]} ..."


def suggestion(word: str, known: Collection[str]) -> str:
    """The end of a message about an unknown key: a similar one, or else all known ones."""
    close = difflib.get_close_matches(str(word), list(known), n=1, cutoff=ALIKE)
    if close:
        return f", did you mean '{close[0]}'?"
    return f"; known: {', '.join(sorted(known)) or 'none'}"
