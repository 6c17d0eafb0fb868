"""IEEE 754 half precision: 11 significant bits, largest value 65504."""

from collections.abc import Mapping

import numpy as np

PARTS = ("float16",)


def decode(arrays: Mapping[str, np.ndarray]) -> np.ndarray:
    """float32, of the shape of the halves."""
    return arrays["float16"].astype(np.float32)
