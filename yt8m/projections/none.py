"""Values that are already in a known range, such as those of another extractor's end."""

from collections.abc import Iterable, Iterator
from typing import ClassVar

import numpy as np

from yt8m.projections.projection import Projection
from yt8m.projections.ranges import High, Low, Rounding, levels_of, range_problems
from yt8m.strict import settings


@settings
class Recipe:
    """Unchanged values, clipped to a given range."""

    reads_frames: ClassVar[bool] = False

    low: Low
    high: High
    rounding: Rounding = "floor"

    def problems(self) -> Iterator[tuple[str, str]]:
        """The range must be wide enough."""
        yield from range_problems(self)

    def inputs(self) -> list[str]:
        """No files."""
        return []

    def sized(self, size: int) -> "Recipe":
        """The same: the size follows from the width."""
        return self

    def projected_size(self, width: int, where: str) -> int:
        """The width itself."""
        return width

    def size_problems(self, frames: int) -> Iterator[str]:
        """None: the size does not depend on the frames."""
        return iter(())

    def array_size(self, width: int) -> int:
        """No arrays."""
        return 0

    def fit(self, batches: Iterable[np.ndarray], width: int, where: str) -> Projection:
        """The range alone; no frame is read."""
        return Projection("none", width, levels_of(self))
