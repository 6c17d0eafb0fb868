"""The setting `card`: what nobody can measure about the weights in an archive."""

from dataclasses import dataclass
from pathlib import Path

from yt8m.config.settings import require

_TEXTS = Path(__file__).with_name("licences")


@dataclass(frozen=True)
class Card:
    """What an ensemble's archive says about its weights, besides what was measured."""

    licence: str = "apache-2.0"  # of the weights, by its SPDX name in lower case
    licence_file: str | None = None  # its text; not needed for apache-2.0
    author: str | None = None  # who answers for the weights
    description: str | None = None  # what they are for
    training_data: str | None = None  # where the records come from, and their licence

    def check(self, where: str) -> None:
        """Raises ConfigError for a licence without a text."""
        problem = f"is {self.licence!r}, whose text is not at hand; give it as `licence_file`"
        require(self._text_file().is_file() or bool(self.licence_file), f"{where}.licence", problem)
        problem = f"there is no file {self.licence_file!r}"
        require(self._text_file().is_file(), f"{where}.licence_file", problem)

    def licence_text(self) -> str:
        """The text of the weights' licence."""
        return self._text_file().read_text(encoding="utf-8")

    def _text_file(self) -> Path:
        return Path(self.licence_file or _TEXTS / f"{self.licence}.txt")
