"""Quantisation of a model's large variables."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from yt8m.compression.encode import encode
from yt8m.compression.storage import Encoded, decode
from yt8m.errors import ArtefactError
from yt8m.protocols import Quantiser

Weights = dict[str, np.ndarray | Encoded]
"""A model's variables by name, each plain or encoded."""

MIN_ELEMENTS = 17_000
"""Skalic & Austin (2018) quantise the variables with more elements than this."""


def quantise_weights(
    weights: Mapping[str, np.ndarray],
    quantiser: Quantiser | None = None,
    min_elements: int = MIN_ELEMENTS,
    own: Mapping[str, Quantiser | None] = MappingProxyType({}),
) -> Weights:
    """Encode the float32 variables with MORE than `min_elements` elements; keep the rest.

    quantiser: None keeps all of them. own: quantisers of individual variables, of any size; None
    keeps the variable as it is.

    Raises ArtefactError naming the variable and element that cannot be encoded, a name in `own`
    that is not a variable, or a variable that is encoded already.
    """
    if done := [name for name, values in weights.items() if isinstance(values, Encoded)]:
        raise ArtefactError(f"variable {done[0]}: is quantised already; give an earlier stage")
    if unknown := own.keys() - weights.keys():
        raise ArtefactError(f"variable {min(unknown)}: has a quantiser but does not exist")
    large = {n for n, v in weights.items() if v.dtype == np.float32 and v.size > min_elements}
    chosen = {**dict.fromkeys(large, quantiser), **own}
    return {
        name: encode(name, values, chosen[name]) if chosen.get(name) else values
        for name, values in weights.items()
    }


def stored_bytes(weights: Mapping[str, np.ndarray | Encoded]) -> int:
    """Bytes of all variables as they are stored."""
    return sum(v.size_bytes if isinstance(v, Encoded) else v.nbytes for v in weights.values())


def dequantise_weights(weights: Mapping[str, np.ndarray | Encoded]) -> dict[str, np.ndarray]:
    """Every variable as a plain array; encoded ones with the values that they decode to."""
    return {
        name: decode(values) if isinstance(values, Encoded) else values
        for name, values in weights.items()
    }
