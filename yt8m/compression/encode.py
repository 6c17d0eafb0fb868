"""Encoding of one variable by any quantiser."""

import numpy as np

from yt8m.compression.storage import Encoded, refuse_not_finite
from yt8m.errors import ArtefactError
from yt8m.protocols import Quantiser


def encode(name: str, values: np.ndarray, quantiser: Quantiser) -> Encoded:
    """Encode one variable.

    values: float32, any shape. Raises ArtefactError naming the variable and the element if a value
    is not finite, or too large for the storage.
    """
    if values.dtype != np.float32:
        raise ArtefactError(f"variable {name}: is {values.dtype}; only float32 can be quantised")
    refuse_not_finite(name, values)
    try:
        return quantiser.encode(values)
    except OverflowError as error:
        raise ArtefactError(f"variable {name}: {error}") from None
