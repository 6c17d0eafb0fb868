"""The setting `dataset`: where the records come from, and what each of them holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from yt8m.config.paths import PATH
from yt8m.config.settings import require
from yt8m.data.checks import Checks
from yt8m.data.expand import Expand
from yt8m.data.generate.settings import Generate
from yt8m.data.label_names import read_label_names
from yt8m.data.schema import Schema
from yt8m.errors import ConfigError

MOST_FRAMES = 1_000_000
MOST_VALUES = 1_000_000
"""Of a video and of a feature of a frame: more would fit no memory."""


@dataclass(frozen=True)
class Dataset:
    """Where the records come from, and what each of them holds."""

    classes: int  # number of labels; a record's labels are 0 .. classes - 1
    layout: str = field(default="frame", metadata={"choices": ("frame", "video")})
    # "frame": SequenceExample, bytes a second; "video": Example, mean_<feature> floats
    features: Mapping[str, int] = field(default_factory=lambda: {"rgb": 1024, "audio": 128})
    # name -> values a frame, in the order in which they are fed to the models
    max_frames: int = 300  # frames beyond this many are cut off
    label_names: str | None = field(default=None, metadata=PATH)
    # CSV with columns Index and Name, for tables of the report
    files: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # split -> shards, as paths or patterns (* ? [ ])
    generate: Generate | None = None  # make an embedded dataset instead of `files`
    expand: Expand | None = None  # `files` are video-level; make frames around them
    checks: Checks = field(default_factory=Checks)
    # what becomes of records that are doubtful

    @property
    def is_made_here(self) -> bool:
        """Whether the workflow writes the shards itself."""
        return self.generate is not None or self.expand is not None

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
        require(
            bool(self.files) != (self.generate is not None),
            where,
            "give either `files` (your shards) or `generate` (an embedded dataset)",
        )
        self._check_label_names(f"{where}.label_names")
        for word in ("generate", "expand"):
            if getattr(self, word) is not None:
                getattr(self, word).check_for(self.schema, f"{where}.{word}")
        require(
            self.expand is None or (bool(self.files) and self.layout == "frame"),
            f"{where}.expand",
            "makes frame-level records out of video-level `files`; it needs both",
        )

    def _check_label_names(self, where: str) -> None:
        if self.label_names is None:
            return
        try:
            read_label_names(Path(self.label_names), self.classes)
        except OSError as error:
            raise ConfigError(f"{where}: {self.label_names}: {error.strerror}") from None
        except ConfigError as error:
            raise ConfigError(f"{where}: {error}") from None
