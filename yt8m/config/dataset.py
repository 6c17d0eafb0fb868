"""The setting `dataset`: where the records come from, and what each record holds."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from yt8m.data.checks import Checks
from yt8m.data.label_names import read_label_names
from yt8m.data.schema import MOST_CLASSES, Schema
from yt8m.data.value_ranges import ValueRange
from yt8m.errors import ConfigError
from yt8m.mistakes import suggestion
from yt8m.paths import FilePath
from yt8m.protocols import ArraySource, Source
from yt8m.recipes import one_of
from yt8m.strict import settings

MOST = 1_000_000
"""Limit on frames per video and on values of a feature per frame; more would not fit in memory."""


@settings
class Dataset:
    """Where the records come from, and what each record holds."""

    source: Source = one_of("yt8m.data.sources", description="where the records come from")
    classes: int = Field(
        ge=1,
        le=MOST_CLASSES,
        description="number of classes; a record's labels are 0 .. classes - 1",
    )
    layout: Literal["frame", "video"] = Field(
        "frame",
        description='"frame": SequenceExample, bytes per second; "video": Example, mean_<feature> '
        "floats",
    )
    features: Mapping[str, Annotated[int, Field(ge=1, le=MOST)]] = Field(
        default_factory=lambda: {"rgb": 1024, "audio": 128},
        description="name -> values per frame, in the order in which the models read them",
    )
    ranges: Mapping[str, tuple[float, float]] = Field(
        default_factory=dict,
        description="name -> lowest and highest value that the bytes of a feature stand for; "
        "[-2, 2], as in YouTube-8M, for those that are not listed",
    )
    max_frames: int = Field(300, ge=1, le=MOST, description="frames beyond this number are cut off")
    label_names: FilePath | None = Field(
        None, description="CSV with columns Index and Name: class names for tables and the report"
    )
    limit: float | None = Field(
        None,
        gt=0,
        description="for a first try: how many videos of each split count, or below 1 which share "
        "of them; of each shard the first ones, at least one",
    )
    checks: Checks = Field(default_factory=Checks, description="how to treat suspicious records")

    def __post_init__(self) -> None:
        """Complete the settings of a source that follow from the features."""
        if isinstance(self.source, ArraySource):
            object.__setattr__(self, "source", self.source.completed(self.features))

    @property
    def schema(self) -> Schema:
        """The schema of the records that models read."""
        pairs = {**self.ranges, **self._ranges_of_source()}
        ranges = {name: ValueRange(*pair) for name, pair in pairs.items()}
        return Schema(dict(self.features), self.classes, self.max_frames, self.layout, ranges)

    @property
    def raw_bytes(self) -> int:
        """Bytes of the projections in a graph that takes extractors' values, as far as known."""
        return self.source.raw_bytes() if isinstance(self.source, ArraySource) else 0

    def _ranges_of_source(self) -> dict[str, tuple[float, float]]:
        if not isinstance(self.source, ArraySource):
            return {}
        return {n: pair for n, pair in self.source.ranges().items() if n in self.features}

    def _problems_with_arrays(self) -> Iterator[tuple[str, str]]:
        """What the source says itself must not be said again otherwise."""
        for name, (low, high) in self._ranges_of_source().items():
            if self.ranges.get(name, (low, high)) != (low, high):
                text = f"is {list(self.ranges[name])}, but dataset.source projects to "
                yield f"ranges.{name}", f"{text}[{low:g}, {high:g}]; leave it out"
        if isinstance(self.source, ArraySource) and self.label_names is not None:
            text = "dataset.source names the classes; give this file as dataset.source.labels"
            yield "label_names", text

    def _problems_with_source(self) -> Iterator[tuple[str, str]]:
        if isinstance(self.source, ArraySource):
            for path, text in self.source.schema_problems(self.schema):
                yield f"source.{path}".removesuffix("."), text
            return
        try:
            self.source.check_schema(self.schema, "source")
        except ConfigError as error:
            where, _, text = str(error).partition(": ")
            yield where, text

    def problems(self) -> Iterator[tuple[str, str]]:
        """There must be features that suit the source, and readable label names."""
        if not self.features:
            yield "features", "is empty; name at least one"
        for name, (low, high) in self.ranges.items():
            if name not in self.features:
                yield f"ranges.{name}", f"no such feature{suggestion(name, self.features)}"
            elif not low < high:
                yield f"ranges.{name}", f"is [{low:g}, {high:g}]; give the lowest value first"
        if self.limit is not None and self.limit > 1 and self.limit % 1:
            yield "limit", f"is {self.limit}; give a share below 1, or a whole number of videos"
        yield from self._problems_with_arrays()
        yield from self._problems_with_source()
        try:
            if self.label_names is not None:
                read_label_names(Path(self.label_names), self.classes)
        except OSError as error:
            yield "label_names", f"{self.label_names}: {error.strerror}"
        except ConfigError as error:
            yield "label_names", str(error)
