"""Principal components of the training split, scaled to about unit variance, as in YouTube-8M."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import ClassVar

import numpy as np
from pydantic import Field

from yt8m.errors import ConfigError, RecordError
from yt8m.projections.fitting import moments_of, principal_axes
from yt8m.projections.projection import Projection
from yt8m.projections.ranges import High, Low, Rounding, levels_of, range_problems
from yt8m.strict import settings


@settings
class Recipe:
    """Whitened principal components: uncorrelated values of about unit variance."""

    reads_frames: ClassVar[bool] = True

    size: int | None = Field(
        None,
        ge=1,
        description="values per frame: the components of largest variance; by default what "
        "`dataset.features` says",
    )
    epsilon: float = Field(
        1e-4,
        ge=0,
        description="added to each variance before its square root divides; YouTube-8M: 1e-4",
    )
    low: Low = -2.0
    high: High = 2.0
    rounding: Rounding = "floor"

    def problems(self) -> Iterator[tuple[str, str]]:
        """The range must be wide enough."""
        yield from range_problems(self)

    def inputs(self) -> list[str]:
        """No files."""
        return []

    def sized(self, size: int) -> "Recipe":
        """The same, with this `size` unless there is one."""
        return replace(self, size=self.size or size)

    def projected_size(self, width: int, where: str) -> int:
        """The setting `size`, which must not exceed the width; by default the width."""
        if self.size and self.size > width:
            raise ConfigError(f"{where}.size: is {self.size}; frames have only {width} values")
        return self.size or width

    def array_size(self, width: int) -> int:
        """Mean, vectors and deviations."""
        return width + (width + 1) * (self.size or width)

    def fit(self, batches: Iterable[np.ndarray], width: int, where: str) -> Projection:
        """The projection for these frames, float32 [n, width] each.

        Raises ConfigError for an unsuitable width; RecordError if fewer than `size` directions
        vary, as among too few frames.
        """
        size = self.projected_size(width, where)
        moments = moments_of(batches, width, covariance=True, where=where)
        variances, axes = principal_axes(moments.covariance())
        varying = int(np.count_nonzero(variances > variances[0] * width * np.finfo(float).eps))
        if size > varying:
            raise RecordError(
                f"{where}.size: is {size}, but the {moments.count:,} frames vary in only "
                f"{varying} of {width} directions; lower it, or fit on more frames"
            )
        return Projection(
            "pca_whiten",
            width,
            levels_of(self),
            moments.count,
            mean=moments.mean.astype(np.float32),
            vectors=np.ascontiguousarray(axes[:, :size], np.float32),
            deviations=np.sqrt(variances[:size] + self.epsilon).astype(np.float32),
        )
