"""How many bytes a quantiser would leave of a variable that has no values yet."""

import functools
import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from yt8m.compression.storage import Quantiser
from yt8m.config.settings import Quantisation
from yt8m.describing.costs import Variable

SAMPLES = (4096, 8192)
"""Sizes of the variables that are really encoded: more elements than any codebook has levels."""


def stored_bytes(variables: Sequence[Variable], settings: Quantisation) -> int:
    """Bytes of all variables, the large ones encoded."""
    return sum(variable_bytes(variable, settings) for variable in variables)


def variable_bytes(variable: Variable, settings: Quantisation) -> int:
    """Bytes of one variable, which is encoded if `quantise_weights` would do so.

    ASSUME an encoded variable takes a fixed part and the same for each element.
    """
    if variable.dtype != "float32" or variable.elements <= settings.min_elements:
        return variable.size_bytes
    fixed, each = _line(settings.quantiser)
    return math.ceil(fixed + each * variable.elements)


@functools.cache
def _line(quantiser: Quantiser) -> tuple[Fraction, Fraction]:
    """The fixed part and the bytes an element, from two samples."""
    values = np.random.default_rng(0).normal(size=SAMPLES[1]).astype(np.float32)
    small, large = (quantiser.encode(values[:size]).size_bytes for size in SAMPLES)
    each = Fraction(large - small, SAMPLES[1] - SAMPLES[0])
    return small - each * SAMPLES[0], each
