"""Text files that people wrote: UTF-8, with a byte-order mark or without."""

import codecs
from pathlib import Path

from yt8m.errors import ConfigError
from yt8m.files import open_regular

_OTHERS = {
    codecs.BOM_UTF32_LE: "UTF-32",  # before UTF-16, whose mark is the first half of this one
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}


def read_text(path: Path) -> str:
    """The text of a file in UTF-8, line ends as they are, without a byte-order mark.

    Raises ConfigError, naming the line where it can, for a file in another encoding, and OSError
    for one that cannot be read.
    """
    with open_regular(path) as file:
        content = file.read()
    for mark, name in _OTHERS.items():
        if content.startswith(mark):
            raise ConfigError(f"{path}: is {name}; save it as UTF-8")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        byte = content[error.start]
        raise ConfigError(
            f"{path}, line {line}: byte {byte:#04x} is no UTF-8 (Latin-1?); save it as UTF-8"
        ) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise ConfigError(f"{path}, line {line}: holds NUL bytes; save it as UTF-8 text")
    return text
