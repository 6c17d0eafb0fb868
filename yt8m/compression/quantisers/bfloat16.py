"""Every value rounded to bfloat16: half the bytes, no codebook, the range of float32."""

import math
from collections.abc import Sequence

import numpy as np

from yt8m.compression.storage import Encoded, refuse_overflow
from yt8m.compression.storages import bfloat16
from yt8m.strict import settings


@settings
class Recipe:
    """Rounding to the nearest bfloat16: a relative error of at most 2**-8 above 1.2e-38."""

    def encode(self, values: np.ndarray) -> Encoded:
        """See `yt8m.protocols.Quantiser`; OverflowError from 3.3962e38 on."""
        bits = bfloat16.raw_bits(values)
        encoded = Encoded("bfloat16", values.shape, {"bfloat16": bits})
        refuse_overflow(values, bfloat16.decode(encoded.arrays, values.shape), "bfloat16's 3.39e38")
        return encoded

    def encoded_bytes(self, shape: Sequence[int]) -> int:
        """See `yt8m.protocols.Quantiser`."""
        return 2 * math.prod(shape)
