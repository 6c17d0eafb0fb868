"""Which weights become float16, and how; the same for all runtimes."""

import numpy as np

FEWEST = 1024
"""Arrays with fewer elements stay float32: they take little space, and among them are constants
such as 1e-12, which would become 0."""

_LARGEST = np.finfo(np.float16).max


def as_halves(values: np.ndarray) -> np.ndarray:
    """float32 -> float16, with values that are out of range at its ends."""
    return np.clip(values, -_LARGEST, _LARGEST).astype(np.float16)
