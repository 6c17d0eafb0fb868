"""A projection that was fitted before, so that new data become the same values as those then."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import ClassVar

import numpy as np
from pydantic import Field

from yt8m.errors import ArtefactError, ConfigError
from yt8m.paths import FilePath
from yt8m.printable import listed
from yt8m.projections.files import load_projections
from yt8m.projections.projection import Projection
from yt8m.strict import settings


@settings
class Recipe:
    """A projection in a file of an earlier run, with its range and rounding.

    The file must exist when a run is planned, since its range belongs to the records' schema.
    """

    reads_frames: ClassVar[bool] = False

    file: FilePath = Field(
        description="`data/projections.safetensors` of an earlier run, or as `yt8m records import` "
        "writes it"
    )
    feature: str = Field("", description="its feature in that file; required if there are several")

    @cached_property
    def projection(self) -> Projection:
        """The projection. Raises ArtefactError for another file, ConfigError for the feature."""
        found = load_projections(self.file)
        if not self.feature and len(found) == 1:
            return next(iter(found.values()))
        if self.feature not in found:
            raise ConfigError(f"is {self.feature!r}; {self.file} has {listed(found)}")
        return found[self.feature]

    def problems(self) -> Iterator[tuple[str, str]]:
        """The file must hold the feature."""
        try:
            _ = self.projection
        except ArtefactError as error:
            yield "file", str(error)
        except ConfigError as error:
            yield "feature", str(error)

    @property
    def low(self) -> float:
        """Value at the lower end of the bytes."""
        return self.projection.levels.low

    @property
    def high(self) -> float:
        """Value at the upper end of the bytes."""
        return self.projection.levels.high

    def inputs(self) -> list[str]:
        """The file."""
        return [self.file]

    def sized(self, size: int) -> "Recipe":
        """The same: the size is that of the file."""
        return self

    def projected_size(self, width: int, where: str) -> int:
        """The size of the projection. Raises ConfigError if it was fitted on another width."""
        if width != self.projection.width:
            raise ConfigError(
                f"{where}.file: {self.file} was fitted on frames of {self.projection.width} "
                f"values; these have {width}"
            )
        return self.projection.size

    def size_problems(self, frames: int) -> Iterator[str]:
        """None: no frame is read."""
        return iter(())

    def array_size(self, width: int) -> int:
        """Values in the file's arrays of the feature."""
        return sum(array.size for array in self.projection.arrays().values())

    def fit(self, batches: Iterable[np.ndarray], width: int, where: str) -> Projection:
        """The projection in the file; no frame is read."""
        self.projected_size(width, where)
        return self.projection
