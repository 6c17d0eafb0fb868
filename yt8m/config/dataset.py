"""The setting `dataset`: where the records come from, and what each of them holds."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from yt8m.data.checks import Checks
from yt8m.data.label_names import read_label_names
from yt8m.data.schema import MOST_CLASSES, Schema
from yt8m.data.source import Source
from yt8m.errors import ConfigError
from yt8m.paths import FilePath
from yt8m.recipes import one_of
from yt8m.strict import settings

MOST = 1_000_000
"""Frames of a video, and values of a feature of a frame: more would fit no memory."""


@settings
class Dataset:
    """Where the records come from, and what each of them holds."""

    source: Source = one_of("yt8m.data.sources", description="where the records come from")
    classes: int = Field(
        ge=1,
        le=MOST_CLASSES,
        description="number of labels; a record's labels are 0 .. classes - 1",
    )
    layout: Literal["frame", "video"] = Field(
        "frame",
        description='"frame": SequenceExample, bytes a second; "video": Example, mean_<feature> '
        "floats",
    )
    features: Mapping[str, Annotated[int, Field(ge=1, le=MOST)]] = Field(
        default_factory=lambda: {"rgb": 1024, "audio": 128},
        description="name -> values per frame, in the order in which they are fed to the models",
    )
    max_frames: int = Field(300, ge=1, le=MOST, description="frames beyond this many are cut off")
    label_names: FilePath | None = Field(
        None, description="CSV with columns Index and Name, for tables of the report"
    )
    checks: Checks = Field(
        default_factory=Checks, description="what becomes of records that are doubtful"
    )

    @property
    def schema(self) -> Schema:
        """What each record that the models read holds."""
        return Schema(dict(self.features), self.classes, self.max_frames, self.layout)

    def problems(self) -> Iterator[tuple[str, str]]:
        """There are features, the source suits them, and the names can be read."""
        if not self.features:
            yield "features", "is empty; name at least one"
        try:
            self.source.check_schema(self.schema, "source")
        except ConfigError as error:
            where, _, text = str(error).partition(": ")
            yield where, text
        try:
            if self.label_names is not None:
                read_label_names(Path(self.label_names), self.classes)
        except OSError as error:
            yield "label_names", f"{self.label_names}: {error.strerror}"
        except ConfigError as error:
            yield "label_names", str(error)
