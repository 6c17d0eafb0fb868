"""The setting `dataset`: where the records come from, and what each of them holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from yt8m.config.settings import require
from yt8m.data.checks import Checks
from yt8m.data.label_names import read_label_names
from yt8m.data.schema import Schema
from yt8m.data.source import Source
from yt8m.errors import ConfigError
from yt8m.paths import PATH

MOST_FRAMES = 1_000_000
MOST_VALUES = 1_000_000
"""Of a video and of a feature of a frame: more would fit no memory."""


@dataclass(frozen=True)
class Dataset:
    """Where the records come from, and what each of them holds."""

    source: Source = field(metadata={"package": "yt8m.data.sources", "default": ""})
    # where the records come from
    classes: int  # number of labels; a record's labels are 0 .. classes - 1
    layout: str = field(default="frame", metadata={"choices": ("frame", "video")})
    # "frame": SequenceExample, bytes a second; "video": Example, mean_<feature> floats
    features: Mapping[str, int] = field(default_factory=lambda: {"rgb": 1024, "audio": 128})
    # name -> values a frame, in the order in which they are fed to the models
    max_frames: int = 300  # frames beyond this many are cut off
    label_names: str | None = field(default=None, metadata=PATH)
    # CSV with columns Index and Name, for tables of the report
    checks: Checks = field(default_factory=Checks)
    # what becomes of records that are doubtful

    @property
    def schema(self) -> Schema:
        """What each record that the models read holds."""
        return Schema(dict(self.features), self.classes, self.max_frames, self.layout)

    def check(self, where: str) -> None:
        """Raises ConfigError for values that cannot work."""
        require(self.classes >= 1, f"{where}.classes", f"is {self.classes}; 1 or more")
        require(self.classes <= 65536, f"{where}.classes", "more than 65,536 are not supported")
        require(
            1 <= self.max_frames <= MOST_FRAMES,
            f"{where}.max_frames",
            f"is {self.max_frames}; 1 to {MOST_FRAMES:,}",
        )
        require(bool(self.features), f"{where}.features", "is empty; name at least one")
        for name, size in self.features.items():
            problem = f"is {size}; 1 to {MOST_VALUES:,}"
            require(1 <= size <= MOST_VALUES, f"{where}.features.{name}", problem)
        self._check_label_names(f"{where}.label_names")
        self.source.check_schema(self.schema, f"{where}.source")

    def _check_label_names(self, where: str) -> None:
        if self.label_names is None:
            return
        try:
            read_label_names(Path(self.label_names), self.classes)
        except OSError as error:
            raise ConfigError(f"{where}: {self.label_names}: {error.strerror}") from None
        except ConfigError as error:
            raise ConfigError(f"{where}: {error}") from None
