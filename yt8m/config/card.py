"""The setting `card`: facts about the weights in an archive that cannot be measured."""

from collections.abc import Iterator

from pydantic import Field

from yt8m.errors import ConfigError
from yt8m.licences.texts import licence_path, licence_text
from yt8m.paths import FilePath
from yt8m.strict import settings


@settings
class Card:
    """What an ensemble's archive says about its weights, besides measurements."""

    licence: str = Field(
        "apache-2.0",
        pattern="^[A-Za-z0-9.+-]+$",
        description="SPDX identifier of the weights' licence, in lower case",
    )
    licence_file: FilePath | None = Field(
        None, description="file with the licence's text; not needed for apache-2.0"
    )
    author: str | None = Field(None, description="who is responsible for the weights")
    description: str | None = Field(None, description="the weights' intended use")
    training_data: str | None = Field(None, description="source and licence of the training data")

    def problems(self) -> Iterator[tuple[str, str]]:
        """The licence's text must be known."""
        named = self.licence, self.licence_file
        if not licence_path(*named).is_file():
            if self.licence_file:
                yield "licence_file", f"there is no file {self.licence_file!r}"
            else:
                text = (
                    f"is {self.licence!r}, whose text is not included here; give it as "
                    "`licence_file`"
                )
                yield "licence", text
            return
        try:
            if not licence_text(*named).strip():
                yield "licence_file", f"{self.licence_file} is empty"
        except (ConfigError, OSError) as error:
            yield "licence_file", str(error)
