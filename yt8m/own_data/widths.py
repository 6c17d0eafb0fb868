"""The usual number of values per frame among some arrays, since any one of them may be wrong."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

MOST_OPENED = 20
"""Most arrays of a feature that are opened to know its values per frame."""


class Width(NamedTuple):
    """Values per frame, and an array that has as many; "" if they do not come from a file."""

    values: int
    location: str = ""


def usual_width(widths: Iterable[Width]) -> Width | None:
    """The most frequent, with the first array that has it; None without any.

    Of equally frequent ones, that which comes first.
    """
    widths = list(widths)
    counts = Counter(width.values for width in widths)
    return max(widths, key=lambda width: counts[width.values], default=None)
