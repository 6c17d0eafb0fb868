"""Moments of a stream of frames in one pass: mean, and variances or the covariance.

Chan, Golub & LeVeque 1983, "Algorithms for Computing the Sample Variance", eq. 2.1: two sets of n
and m frames with means a and b have the scatter (sum of squares around the mean)

    S = S_a + S_b + (b - a)(b - a)^T n m / (n + m)

so that large means cost no precision. Frames are gathered into blocks of fixed size, so that the
result does not depend on how the stream is divided into batches.
"""

from collections.abc import Iterable

import numpy as np

from yt8m.errors import ConfigError, RecordError

BLOCK = 1024
"""Frames per block."""

MOST_WIDTH = 1 << 14
"""Most values per frame with a covariance, which then takes 2 GiB."""


class Moments:
    """Running moments of frames with R values, in float64.

    count: frames so far. mean: [R]. scatter: [R, R], or [R] without covariance.
    Memory: 8 R**2 bytes for the covariance, 8 R * BLOCK for the block.
    """

    def __init__(self, width: int, covariance: bool):
        self.count = 0
        self.mean = np.zeros(width)
        self.scatter = np.zeros((width, width) if covariance else width)
        self._rows = np.empty((BLOCK + 1, width))
        self._filled = 0

    def add(self, frames: np.ndarray) -> None:
        """Count frames, float32 [n, R], all finite. `finish` must be called in the end."""
        while len(frames):
            taken = frames[: BLOCK - self._filled]
            self._rows[self._filled : self._filled + len(taken)] = taken
            self._filled += len(taken)
            frames = frames[len(taken) :]
            if self._filled == BLOCK:
                self.finish()

    def finish(self) -> None:
        """Count the frames of the last block."""
        new, total = self._filled, self.count + self._filled
        if not new:
            return
        rows = self._rows[: new + 1]
        mean = rows[:new].mean(axis=0)
        rows[:new] -= mean
        rows[new] = (mean - self.mean) * (self.count * new / total) ** 0.5
        # The last row adds the outer product of the means' difference to the scatter of the block.
        if self.scatter.ndim == 2:
            self.scatter += rows.T @ rows
        else:
            self.scatter += np.einsum("tr,tr->r", rows, rows)
        self.mean += (mean - self.mean) * (new / total)
        self.count, self._filled = total, 0

    def variances(self) -> np.ndarray:
        """The unbiased variance of each value, float64 [R]."""
        diagonal = self.scatter.diagonal() if self.scatter.ndim == 2 else self.scatter
        return diagonal / (self.count - 1)

    def covariance(self) -> np.ndarray:
        """The unbiased covariance, float64 [R, R]."""
        return self.scatter / (self.count - 1)


def moments_of(batches: Iterable[np.ndarray], width: int, covariance: bool, where: str) -> Moments:
    """The moments of all frames of a stream of batches, float32 [n, R].

    where: beginning of messages. Raises ConfigError for more values per frame than fit in memory
    with a covariance; RecordError for batches of another width, and for fewer than two frames.
    """
    if covariance and width > MOST_WIDTH:
        gibibytes = 8 * width**2 / 2**30
        raise ConfigError(
            f"{where}: frames have {width:,} values, whose covariance takes {gibibytes:,.0f} GiB; "
            f"at most {MOST_WIDTH:,}. Use `kind: scale`"
        )
    moments = Moments(width, covariance)
    for batch in batches:
        if batch.ndim != 2 or batch.shape[1] != width:
            raise RecordError(f"{where}: has frames {list(batch.shape)}; expected [n, {width}]")
        moments.add(batch)
    moments.finish()
    if moments.count < 2:
        raise RecordError(f"{where}: has {moments.count} frames to fit on; needs 2 or more")
    return moments


def principal_axes(covariance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Eigenvalues, float64 [R], largest first, and their eigenvectors, float64 [R, R] in columns.

    An eigenvector's sign is arbitrary; here its entry of largest magnitude is positive, the first
    one of several.
    """
    values, vectors = np.linalg.eigh(covariance)
    values, vectors = values[::-1].clip(min=0), vectors[:, ::-1]
    largest = np.abs(vectors).argmax(axis=0)
    signs = np.sign(vectors[largest, np.arange(len(values))])
    return values, vectors * signs
