"""A projection from given files, such as Google's for YouTube-8M: mean, eigenvectors, eigenvalues.

Google's are mean.npy [2048, 1], eigenvals.npy [2048, 1] and eigenvecs.npy [2048, 2048] with an
eigenvector per row; the extractor takes the first 1,024.
(google/youtube-8m, feature_extractor/feature_extractor.py)
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from yt8m.errors import ConfigError
from yt8m.own_data.arrays import read_array
from yt8m.own_data.locations import file_and_inside
from yt8m.paths import FilePath
from yt8m.projections.projection import Projection
from yt8m.projections.ranges import High, Low, Rounding, levels_of, range_problems
from yt8m.strict import settings


@settings
class Recipe:
    """Given principal components, scaled by given eigenvalues: Google's extractor."""

    reads_frames: ClassVar[bool] = False

    mean: FilePath = Field(description="array of the mean of each value, such as `mean.npy`")
    eigenvectors: FilePath = Field(description="array of all eigenvectors, largest variance first")
    eigenvalues: FilePath | None = Field(
        None, description="array of their variances; without it, components are not scaled"
    )
    eigenvectors_in: Literal["rows", "columns"] = Field(
        "rows", description="where an eigenvector is in that array; rows in Google's files"
    )
    size: int | None = Field(
        None,
        ge=1,
        description="values per frame: the first eigenvectors; by default what `dataset.features` "
        "says",
    )
    epsilon: float = Field(
        1e-4, ge=0, description="added to each eigenvalue before its square root divides"
    )
    low: Low = -2.0
    high: High = 2.0
    rounding: Rounding = "floor"

    def problems(self) -> Iterator[tuple[str, str]]:
        """The range must be wide enough."""
        yield from range_problems(self)

    def inputs(self) -> list[str]:
        """The given files."""
        given = (self.mean, self.eigenvectors, self.eigenvalues)
        files = (file_and_inside(location)[0] for location in given if location)
        return list(dict.fromkeys(files))

    def sized(self, size: int) -> "Recipe":
        """The same, with this `size` unless there is one."""
        return replace(self, size=self.size or size)

    def projected_size(self, width: int, where: str) -> int:
        """The setting `size`, which must not exceed the width; by default the width."""
        if self.size and self.size > width:
            raise ConfigError(f"{where}.size: is {self.size}; frames have only {width} values")
        return self.size or width

    def size_problems(self, frames: int) -> Iterator[str]:
        """None: the size does not depend on the frames."""
        return iter(())

    def array_size(self, width: int) -> int:
        """Mean and vectors, and deviations if there are eigenvalues."""
        size = self.size or width
        return width + width * size + (size if self.eigenvalues else 0)

    def fit(self, batches: Iterable[np.ndarray], width: int, where: str) -> Projection:
        """The projection in the files; no frame is read.

        Raises RecordError for a file that cannot be read; ConfigError for arrays that do not fit
        together, or not to frames of `width` values.
        """
        size = self.projected_size(width, where)
        mean = read_array(self.mean, "mean").reshape(-1)
        if len(mean) != width:
            raise ConfigError(
                f"{where}.mean: {self.mean} has {len(mean)} values; frames have {width}"
            )
        return Projection(
            "given",
            width,
            levels_of(self),
            mean=mean,
            vectors=self._vectors(width, size, where),
            deviations=self._deviations(size, where) if self.eigenvalues else None,
        )

    def _vectors(self, width: int, size: int, where: str) -> np.ndarray:
        """float32 [width, size], a vector per column."""
        vectors = read_array(self.eigenvectors, "eigenvectors")
        columns = vectors if self.eigenvectors_in == "columns" else vectors.T
        if columns.shape[0] != width or columns.shape[1] < size:
            raise ConfigError(
                f"{where}.eigenvectors: {self.eigenvectors} has shape {list(vectors.shape)}; "
                f"expected {size} or more {self.eigenvectors_in} of {width} values"
            )
        return np.ascontiguousarray(columns[:, :size])

    def _deviations(self, size: int, where: str) -> np.ndarray:
        """float32 [size]."""
        values = read_array(self.eigenvalues, "eigenvalues").reshape(-1)
        place = f"{where}.eigenvalues: {self.eigenvalues}"
        if len(values) < size:
            raise ConfigError(f"{place} has {len(values)} values; expected {size} or more")
        if values[0] < values[-1]:
            raise ConfigError(f"{place} begins with the smallest; sort by descending variance")
        variances = values[:size] + np.float32(self.epsilon)
        if variances.min() <= 0:
            raise ConfigError(
                f"{place} holds {values[:size].min():g}; variances must be positive, at "
                f"least after adding epsilon, {self.epsilon:g}"
            )
        return np.sqrt(variances)
