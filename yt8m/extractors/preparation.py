"""How a network of the user's wants its input, and what it must return."""

from collections.abc import Iterator
from typing import Annotated

import numpy as np
from pydantic import Field

from yt8m.errors import ConfigError

Size = Annotated[int, Field(ge=1, le=2**20)]
Side = Annotated[int, Field(ge=1, le=4096)]
Channels = tuple[float, float, float]

SIZE = "values that the network returns for one picture or second"
RESOLUTION = "[height, width] of the pictures that the network was trained with"
MEAN = "subtracted from the bytes of red, green and blue; by default torchvision's"
DEVIATION = "by which the differences are divided"
IMAGENET_MEAN = (123.675, 116.28, 103.53)
IMAGENET_DEVIATION = (58.395, 57.12, 57.375)


def scaling_problems(deviation: Channels) -> Iterator[tuple[str, str]]:
    """A deviation of zero cannot be divided by."""
    if not all(deviation):
        yield "deviation", f"is {list(deviation)}; must not contain 0, by which it divides"


def scaled(pictures: np.ndarray, mean: Channels, deviation: Channels) -> np.ndarray:
    """Bytes as (byte - mean) / deviation, by channel: uint8 [n, h, w, 3] -> float32, same shape."""
    return (pictures - np.float32(mean)) / np.float32(deviation)


def vectors(found: np.ndarray, count: int, size: int, where: str) -> np.ndarray:
    """What a network returned for `count` pictures as float32 [count, size].

    Axes of length 1, as pooling leaves, are dropped. where: the recipe, for messages. Raises
    ConfigError for another shape.
    """
    shape = found.shape
    if np.prod(shape) == count * size and shape[:1] == (count,) and max(shape) in (count, size):
        return found.reshape(count, size).astype(np.float32, copy=False)
    each = " x ".join(map(str, shape[1:])) or "no"
    raise ConfigError(
        f"{where}.size: is {size}, but the network returns {each} values for one input; give their "
        "number as `size`, or name an output that has one vector for each"
    )
