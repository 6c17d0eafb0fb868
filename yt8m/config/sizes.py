"""Numbers of bytes as people write them, such as `5 MB`."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from yt8m.mistakes import shown

UNITS = {
    "": 1,
    "B": 1,
    **{f"{letter}B": 1000 ** (i + 1) for i, letter in enumerate("kMGT")},
    "KB": 1000,
    **{f"{letter}iB": 1024 ** (i + 1) for i, letter in enumerate("KMGT")},
}
"""Bytes: decimal units, and binary ones with an i."""

_SIZE = re.compile(rf"([0-9]+(?:_[0-9]+)*)(\.[0-9]+)? ?({'|'.join(UNITS)})")


def read_size(value: Any) -> Any:
    """A size as bytes, such as 5,000,000 for the text "5 MB"; other types are returned unchanged.

    Raises PydanticCustomError for other texts, and for sizes that are not a whole number of bytes.
    """
    if not isinstance(value, str):
        return value
    found = _SIZE.fullmatch(value)
    size = _bytes(*found.groups()) if found else None
    if size is None:
        text = "is {found}; expected bytes, such as 5_000_000, 5 MB, 1.5 GB or 4 MiB"
        raise PydanticCustomError("refused", text, {"found": shown(value)})
    return size


def _bytes(whole: str, part: str | None, unit: str) -> int | None:
    part = part or "."
    size, rest = divmod(int(whole + part[1:]) * UNITS[unit], 10 ** (len(part) - 1))
    return None if rest else size


Size = Annotated[
    int,
    Field(gt=0, le=2**63 - 1),
    BeforeValidator(read_size),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 1},
                {"type": "string", "pattern": f"^{_SIZE.pattern}$"},
            ]
        }
    ),
]
"""Type of a setting in bytes."""
