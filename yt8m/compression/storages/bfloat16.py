"""The upper half of a float32: 8 significant bits, and the range of float32.

Stored as raw bits, since numpy cannot read bfloat16 from safetensors files.
"""

from collections.abc import Mapping, Sequence

import ml_dtypes
import numpy as np

from yt8m.compression.storage import expect_array

PARTS = ("bfloat16",)


def raw_bits(values: np.ndarray) -> np.ndarray:
    """Round to the nearest bfloat16, ties to even.

    values: float32, any shape. Returns uint16 of the same shape.
    """
    return values.astype(ml_dtypes.bfloat16).view(np.uint16)


def decode(arrays: Mapping[str, np.ndarray], shape: Sequence[int]) -> np.ndarray:
    """float32, of the variable's shape."""
    return arrays["bfloat16"].view(ml_dtypes.bfloat16).astype(np.float32).reshape(shape)


def check(arrays: Mapping[str, np.ndarray], shape: Sequence[int]) -> None:
    """Raises ValueError unless the arrays can be decoded to that shape."""
    expect_array(arrays["bfloat16"], np.uint16, shape)
    if ((arrays["bfloat16"] & 0x7F80) == 0x7F80).any():
        raise ValueError("holds bfloat16 values that are not finite")


def about(arrays: Mapping[str, np.ndarray]) -> str:
    """The name is the whole description."""
    return "bfloat16"
