"""Texts among the arrays of a state: lists and mappings, as the bytes of JSON."""

import json
from typing import Any

import numpy as np


def as_text(value: Any) -> np.ndarray:
    """A JSON value as uint8 [bytes]; floats keep all their bits."""
    return np.frombuffer(json.dumps(value).encode(), np.uint8)


def from_text(array: np.ndarray) -> Any:
    """The inverse of `as_text`. Raises ValueError for anything else."""
    return json.loads(array.tobytes())
