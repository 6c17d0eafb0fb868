"""Settings that all projections share: the range of the values that become bytes."""

from collections.abc import Iterator
from math import isfinite
from typing import Annotated

from pydantic import Field

from yt8m.projections import levels
from yt8m.projections.levels import Levels

Low = Annotated[float, Field(description="value at the lower end of the bytes; less is clipped")]
High = Annotated[float, Field(description="value at the upper end of the bytes; more is clipped")]
Rounding = Annotated[
    levels.Rounding,
    Field(
        description='"floor": values come back right on average; "nearest": as Google\'s '
        "extractor writes bytes, so half a step too high"
    ),
]
"""Types of these settings."""

NARROWEST = 1e-3
"""Least width of a range, relative to its ends; float32 could not tell the levels apart."""


def levels_of(recipe) -> Levels:
    """The bytes of a recipe with the settings `low`, `high` and `rounding`."""
    return Levels(recipe.low, recipe.high, recipe.rounding)


def range_problems(recipe) -> Iterator[tuple[str, str]]:
    """The range must be wide enough."""
    low, high = recipe.low, recipe.high
    if not (isfinite(low) and isfinite(high)):
        return  # reported already
    if high <= low:
        yield "high", f"is {high:g}; more than low, {low:g}"
    elif high - low < NARROWEST * max(abs(low), abs(high)):
        yield "high", f"is {high:g}, too close to low, {low:g}; subtract the mean from the values"
