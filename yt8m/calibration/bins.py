"""Bins of probabilities, of nearly equal width in log-odds.

Each halving of p from 1/2 down to `LOWEST`, and of 1 - p down to `HIGHEST`, has `STEPS` equal bins;
one more lies below and one above. A bin contains its lower edge. All edges are float32, and a value
is put into its bin by integer operations, so whether it reaches an edge is exact.
"""

import numpy as np

STEPS = 32
"""Bins per halving: an edge is at most 1/32 of p, or of 1 - p, away from the next."""

LOWEST, HIGHEST = np.float32(2.0**-20), np.float32(2.0**-16)
"""The least p, and the least 1 - p, that is told apart. Steps of a smaller 1 - p are no float32."""

_SHIFT = 23 - 5  # of the 23 bits of the significand, 5 count the steps
_LOW, _HIGH, _HALF = (int(x.view(np.int32)) for x in (LOWEST, HIGHEST, np.float32(0.5)))
_BELOW, _ABOVE = (_HALF - _LOW) >> _SHIFT, (_HALF - _HIGH) >> _SHIFT

BINS = 1 + _BELOW + _ABOVE + 1
ONE_HALF = 1 + _BELOW
"""The bin whose lower edge is 1/2."""


def bins_of(probabilities: np.ndarray) -> np.ndarray:
    """The bin of each value. float32, any shape, no NaN -> uint16 of that shape."""
    values = np.ascontiguousarray(probabilities)
    found = np.maximum(values.view(np.int32), _LOW - 1)
    found -= _LOW - (1 << _SHIFT)
    found >>= _SHIFT
    found = found.astype(np.uint16)
    upper = np.flatnonzero(values >= 0.5)
    rest = (1 - values.reshape(-1)[upper]).view(np.int32)  # exact from 1/2 to 1
    steps = (np.maximum(rest, _HIGH) - _HIGH + (1 << _SHIFT) - 1) >> _SHIFT
    found.reshape(-1)[upper] = BINS - 1 - steps
    return found


def lower_edges() -> np.ndarray:
    """The lower edge of each bin, ascending from 0: float32 [BINS]."""
    below = (_LOW + (np.arange(_BELOW, dtype=np.int32) << _SHIFT)).view(np.float32)
    rest = (_HIGH + (np.arange(_ABOVE, -1, -1, dtype=np.int32) << _SHIFT)).view(np.float32)
    return np.concatenate([np.zeros(1, np.float32), below, 1 - rest])


def centres() -> np.ndarray:
    """The middle of each bin: float64 [BINS]."""
    edges = np.append(lower_edges(), np.float32(1)).astype(np.float64)
    return (edges[1:] + edges[:-1]) / 2
