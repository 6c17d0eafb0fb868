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

ADVICE = (
    "Much less is better on little data: whitening amplifies the noise of directions of little "
    "variance, which `kind: scale` does not"
)


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

    def size_problems(self, frames: int) -> Iterator[str]:
        """N frames vary in at most N - 1 directions."""
        if self.size and self.size >= frames:
            yield (
                f"is {self.size}, but there are at most {frames:,} frames to fit `pca_whiten` on; "
                f"set it to {max(frames - 1, 1)} or less, or add videos. {ADVICE}"
            )

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
                f"{where}: makes {size} values of each frame, but the {moments.count:,} frames "
                f"vary in only {varying} of {width} directions; {_remedy(where, varying)}"
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


def _remedy(where: str, varying: int) -> str:
    """where: such as "projections.rgb"."""
    if not varying:
        return "fit on frames that differ"
    feature = where.rpartition(".")[2]
    return (
        f"set dataset.features.{feature} (and `size`, if you gave it) to {varying} or less, or fit "
        f"on more frames. {ADVICE}"
    )
