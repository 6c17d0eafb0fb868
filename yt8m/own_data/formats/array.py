"""An array in an open file, which may be read in part."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from yt8m.printable import listed


class Unsuitable(ValueError):
    """A valid file does not hold what is expected; the message says what would do."""


@dataclass(frozen=True)
class Array:
    """An array in an open file. read: from a number of rows to the first rows, [rows, ...]."""

    shape: tuple[int, ...]
    dtype: np.dtype
    read: Callable[[int], np.ndarray]


def named(inside: str, feature: str, names: list[str], what: str) -> str:
    """The name of the array to read: what the location names, else the feature, else the only one.

    what: such as "arrays", for the message. Raises Unsuitable if there is none of that name.
    """
    if not inside and feature not in names and len(names) == 1:
        return names[0]
    if (wanted := inside or feature) in names:
        return wanted

    raise Unsuitable(
        f"has no {wanted!r} among its {what}: {listed(names)}; name one behind a colon"
    )
