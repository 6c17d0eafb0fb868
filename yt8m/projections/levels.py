"""Values as bytes: 256 levels in a range, and the error of the round trip."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from yt8m.data.value_ranges import ValueRange

Rounding = Literal["floor", "nearest"]

LEVELS = 256


@dataclass(frozen=True)
class Levels:
    """The meaning of a feature's bytes.

    `value_ranges` gives the value of a byte. A value v becomes the byte
    `(v - low) * 255 / (high - low)`, clipped to the range first, and rounded:

    floor     down. Agrees with the formula above, which adds half a step; so the error has a mean
              near 0.
    nearest   to the nearest byte, as Google's extractor of YouTube-8M does, so values come back
              half a step too high on average.
    """

    low: float = -2.0
    high: float = 2.0
    rounding: Rounding = "floor"

    @property
    def range(self) -> ValueRange:
        """The values that the bytes stand for."""
        return ValueRange(self.low, self.high)

    def to_bytes(self, values: np.ndarray) -> np.ndarray:
        """float32, any shape, all finite -> uint8."""
        low, high = np.float32(self.low), np.float32(self.high)
        factor = np.float32((LEVELS - 1) / (self.high - self.low))
        scaled = values.clip(low, high)
        scaled -= low
        scaled *= factor
        if self.rounding == "nearest":
            np.rint(scaled, out=scaled)
        if (high - low) * factor >= LEVELS - 0.5:  # by rounding, as of a narrow range far from 0
            np.minimum(scaled, LEVELS - 1, out=scaled)
        return scaled.astype(np.uint8)

    def from_bytes(self, bytes: np.ndarray) -> np.ndarray:
        """uint8, any shape -> float32, as readers of records do."""
        values = bytes.astype(np.float32)
        values *= np.float32(self.range.step)
        values += np.float32(self.range.first)
        return values


def _sum(values: np.ndarray) -> float:
    """Sum of float32 values; that of a row in float32, several times as fast as in float64."""
    return float(values.sum(axis=-1).sum(dtype=np.float64))


@dataclass
class RoundTrip:
    """The error of bytes, added up over batches: what readers get, minus what was projected.

    values: number of values; clipped: of them, those outside the range.
    """

    values: int = 0
    clipped: int = 0
    total: float = 0.0
    squares: float = 0.0
    squares_inside: float = 0.0

    def add(self, projected: np.ndarray, bytes: np.ndarray, levels: Levels) -> None:
        """Count a batch. projected: float32; bytes: uint8 of the same shape."""
        error = levels.from_bytes(bytes)
        error -= projected
        self.values += error.size
        self.total += _sum(error)
        squares = np.square(error, out=error)
        self.squares += (added := _sum(squares))
        inside = (projected >= levels.low) & (projected <= levels.high)
        if clipped := error.size - int(np.count_nonzero(inside)):
            self.clipped += clipped
            added = _sum(np.multiply(squares, inside, out=squares))
        self.squares_inside += added

    def __add__(self, other: "RoundTrip") -> "RoundTrip":
        """Both together, such as those of two shards."""
        pairs = zip(vars(self).values(), vars(other).values(), strict=True)
        return RoundTrip(*(one + another for one, another in pairs))

    @property
    def rms(self) -> float:
        """Root of the mean squared error."""
        return (self.squares / self.values) ** 0.5 if self.values else 0.0

    @property
    def rms_inside(self) -> float:
        """The same for values that were not clipped."""
        inside = self.values - self.clipped
        return (self.squares_inside / inside) ** 0.5 if inside else 0.0

    @property
    def mean_error(self) -> float:
        """Mean error: positive if values come back too high."""
        return self.total / self.values if self.values else 0.0

    @property
    def share_clipped(self) -> float:
        """Share of values outside the range."""
        return self.clipped / self.values if self.values else 0.0
