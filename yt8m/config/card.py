"""The setting `card`: what nobody can measure about the weights in an archive."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from yt8m.config.paths import PATH
from yt8m.config.settings import require
from yt8m.errors import ConfigError
from yt8m.files import read_text

_TEXTS = Path(__file__).with_name("licences")
_NAME = re.compile(r"[A-Za-z0-9.+-]+")


@dataclass(frozen=True)
class Card:
    """What an ensemble's archive says about its weights, besides what was measured."""

    licence: str = "apache-2.0"  # of the weights, by its SPDX name in lower case
    licence_file: str | None = field(default=None, metadata=PATH)
    # its text; not needed for apache-2.0
    author: str | None = None  # who answers for the weights
    description: str | None = None  # what they are for
    training_data: str | None = None  # where the records come from, and their licence

    def check(self, where: str) -> None:
        """Raises ConfigError for a licence without a text."""
        problem = f"is {self.licence!r}; expected a name of letters, digits, '.', '+' and '-'"
        require(_NAME.fullmatch(self.licence) is not None, f"{where}.licence", problem)
        problem = f"is {self.licence!r}, whose text is not at hand; give it as `licence_file`"
        require(self._text_file().is_file() or bool(self.licence_file), f"{where}.licence", problem)
        problem = f"there is no file {self.licence_file!r}"
        require(self._text_file().is_file(), f"{where}.licence_file", problem)
        try:
            text = self.licence_text()
        except (ConfigError, OSError) as error:
            raise ConfigError(f"{where}.licence_file: {error}") from None
        require(bool(text.strip()), f"{where}.licence_file", f"{self.licence_file} is empty")

    def licence_text(self) -> str:
        """The text of the weights' licence."""
        return read_text(self._text_file())

    def _text_file(self) -> Path:
        return Path(self.licence_file or _TEXTS / f"{self.licence}.txt")
