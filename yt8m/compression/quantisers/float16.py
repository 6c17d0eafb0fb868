"""Every value rounded to half precision: half the bytes, no codebook."""

import math
from collections.abc import Sequence

import numpy as np

from yt8m.compression.storage import Encoded, refuse_overflow
from yt8m.strict import settings


@settings
class Recipe:
    """Rounding to the nearest half: a relative error of at most 2**-11 above 6.1e-5."""

    def encode(self, values: np.ndarray) -> Encoded:
        """See `yt8m.protocols.Quantiser`; OverflowError for a value beyond 65504."""
        with np.errstate(over="ignore"):
            halves = values.astype(np.float16)
        refuse_overflow(values, halves, "float16's 65504")
        return Encoded("float16", values.shape, {"float16": halves})

    def encoded_bytes(self, shape: Sequence[int]) -> int:
        """See `yt8m.protocols.Quantiser`."""
        return 2 * math.prod(shape)
