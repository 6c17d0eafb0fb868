"""Each value on its own, scaled to mean 0 and standard deviation 1 on the training split."""

from collections.abc import Iterable, Iterator
from typing import ClassVar

import numpy as np

from yt8m.projections.fitting import moments_of
from yt8m.projections.projection import Projection
from yt8m.projections.ranges import High, Low, Rounding, levels_of, range_problems
from yt8m.strict import settings

RESOLUTION = 1e-7
"""Standard deviation of a constant, relative to its size, that rounding to float32 may cause."""


@settings
class Recipe:
    """Each value minus its mean, divided by its standard deviation; a constant one becomes 0."""

    reads_frames: ClassVar[bool] = True

    # Four deviations: a normal value is clipped with probability 6e-5; with two, 5 %.
    low: Low = -4.0
    high: High = 4.0
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
        """Mean and deviations."""
        return 2 * width

    def fit(self, batches: Iterable[np.ndarray], width: int, where: str) -> Projection:
        """The projection for these frames, float32 [n, width] each.

        Raises RecordError for fewer than two frames.
        """
        moments = moments_of(batches, width, covariance=False, where=where)
        deviations = np.sqrt(moments.variances())
        deviations[deviations <= RESOLUTION * np.abs(moments.mean)] = 1
        return Projection(
            "scale",
            width,
            levels_of(self),
            moments.count,
            mean=moments.mean.astype(np.float32),
            deviations=deviations.astype(np.float32),
        )
