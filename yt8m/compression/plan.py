"""Which variables of a model become small: the large ones."""

from collections.abc import Mapping

import numpy as np

from yt8m.compression.storage import Encoded, Quantiser, decode, encode

Weights = dict[str, np.ndarray | Encoded]
"""A model's variables by name, each as it is or encoded."""

MIN_ELEMENTS = 17_000
"""Skalic & Austin (2018) quantise the variables with more elements than this."""


def quantise_weights(
    weights: Mapping[str, np.ndarray], quantiser: Quantiser, min_elements: int = MIN_ELEMENTS
) -> Weights:
    """Encode the float32 variables with MORE than `min_elements` elements; keep the rest.

    Raises ArtefactError naming the variable and the element that cannot be encoded.
    """
    return {
        name: encode(name, values, quantiser)
        if values.dtype == np.float32 and values.size > min_elements
        else values
        for name, values in weights.items()
    }


def dequantise_weights(weights: Mapping[str, np.ndarray | Encoded]) -> dict[str, np.ndarray]:
    """Every variable as a plain array, with the values that the encoded ones really have."""
    return {
        name: decode(values) if isinstance(values, Encoded) else values
        for name, values in weights.items()
    }
