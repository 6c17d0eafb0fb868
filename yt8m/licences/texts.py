"""Texts of licences: files in this folder, named by SPDX identifiers."""

from pathlib import Path

from yt8m.files import read_text


def licence_path(licence: str, file: str | None) -> Path:
    """Where a licence's text is: `file`, or else the text included here, which may not exist."""
    return Path(file or Path(__file__).with_name(f"{licence}.txt"))


def licence_text(licence: str, file: str | None) -> str:
    """The text of a licence. Raises OSError, or ConfigError if it is not text."""
    return read_text(licence_path(licence, file))
