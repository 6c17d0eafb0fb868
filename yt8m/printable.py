"""Untrusted text, made safe for a terminal, a log or a table."""

import reprlib
from collections.abc import Collection

MOST_NAMES = 10
"""Most names that one message lists."""

_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = _SHORT.maxlong = 60


def printable(text: str) -> str:
    """The text with everything escaped but printable characters and line ends, as Python does.

    So no control character, and none that changes the direction of writing, reaches a terminal.
    """
    return "".join(c if c.isprintable() or c == "\n" else repr(c)[1:-1] for c in text)


def encodable(text: str) -> str:
    """The text with what UTF-8 cannot hold escaped: bytes of file names that are not UTF-8."""
    return text.encode("utf-8", "backslashreplace").decode()


def one_line(text: str) -> str:
    """The text as `printable`, with line ends escaped too."""
    return printable(text).replace("\n", "\\n")


def shortened(value: object) -> str:
    """A value as Python writes it, on one line, shortened in the middle if it is long."""
    return printable(_SHORT.repr(value)).replace("\n", " ")


def error_line(error: Exception) -> str:
    """Type and message of a library's error, on one line, cut if it is long."""
    return f"{type(error).__name__}: {printable(' '.join(str(error).split()))[:200]}"


def listed(names: Collection[str]) -> str:
    """The names, sorted, on one line: at most `MOST_NAMES` of them; "none" if there are none."""
    shown = [_one_line(name) for name in sorted(names)[:MOST_NAMES]]
    more = len(names) - MOST_NAMES
    return ", ".join(shown + ([f"and {more} more"] if more > 0 else [])) or "none"


def counted(number: int, noun: str, space: str = " ") -> str:
    """A number of things: `1 file`, `3,844 files`, `2 classes`."""
    ending = "" if number == 1 else "es" if noun.endswith("s") else "s"
    return f"{number:,}{space}{noun}{ending}"


def _one_line(name: str) -> str:
    return one_line(name if len(name) <= 60 else f"{name[:57]}...")
