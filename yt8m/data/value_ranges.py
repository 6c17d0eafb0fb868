"""Bytes for values: how far a feature's values reach, and which value each byte stands for.

A byte stands for the middle of 1/256 of the range, as in YouTube-8M, whose range is -2 to 2:

    value = byte * (high - low) / 255 + (high - low) / 512 + low
"""

from typing import NamedTuple


class ValueRange(NamedTuple):
    """The values that the bytes of a feature stand for."""

    low: float = -2.0
    high: float = 2.0

    @property
    def step(self) -> float:
        """Difference between the values of neighbouring bytes."""
        return (self.high - self.low) / 255.0

    @property
    def first(self) -> float:
        """Value of byte 0."""
        return (self.high - self.low) / 512.0 + self.low

    @property
    def formula(self) -> str:
        """The value of a byte, for messages."""
        width = self.high - self.low
        sign, low = ("-", -self.low) if self.low < 0 else ("+", self.low)
        return f"byte * {width:g} / 255 + {width:g} / 512 {sign} {low:g}"


YOUTUBE_8M = ValueRange()
"""The range of YouTube-8M's features, which are whitened."""
