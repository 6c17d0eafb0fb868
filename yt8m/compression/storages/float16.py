"""IEEE 754 half precision: 11 significant bits, largest value 65504."""

from collections.abc import Mapping, Sequence

import numpy as np

from yt8m.compression.storage import expect_array

PARTS = ("float16",)


def decode(arrays: Mapping[str, np.ndarray], shape: Sequence[int]) -> np.ndarray:
    """float32, of the variable's shape."""
    return arrays["float16"].astype(np.float32).reshape(shape)


def check(arrays: Mapping[str, np.ndarray], shape: Sequence[int]) -> None:
    """Raises ValueError unless the arrays can be decoded to that shape."""
    expect_array(arrays["float16"], np.float16, shape)


def about(arrays: Mapping[str, np.ndarray]) -> str:
    """The name is the whole description."""
    return "float16"
