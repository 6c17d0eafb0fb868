"""A codebook of at most 256 float32 values for a variable, and a one-byte code for each element.

decoded[i] = codebook[codes[i]]
"""

from collections.abc import Mapping

import numpy as np

from yt8m.compression.storage import Encoded

PARTS = ("codes", "codebook")

CHUNK = 2**16
"""Values coded in one go: the working set stays in the cache."""


class CodebookQuantiser:
    """Base of the quantisers that choose centres: each value becomes its nearest centre."""

    def centres(self, values: np.ndarray) -> np.ndarray:
        """The values that may remain. values: float32 [N], N > 0. Returns ascending [<= 256]."""
        raise NotImplementedError

    def encode(self, values: np.ndarray) -> Encoded:
        """See `yt8m.compression.storage.Quantiser`; an empty variable has an empty codebook."""
        flat = np.ravel(values)
        codebook = self.centres(flat) if flat.size else flat
        codebook = np.asarray(codebook, np.float32)
        codes = nearest(flat, codebook).reshape(values.shape)
        return Encoded("codebook", values.shape, {"codes": codes, "codebook": codebook})


def decode(arrays: Mapping[str, np.ndarray]) -> np.ndarray:
    """float32, of the shape of the codes."""
    return arrays["codebook"][arrays["codes"]]


def nearest(values: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """Code of the centre nearest to each value; of equally near ones the lowest.

    values: float32 [N]. centres: float32 [<= 256], ascending, repetitions allowed.
    Returns uint8 [N]: exactly the argmin over the distances in float64, without computing all.
    """
    distinct, lowest = np.unique(centres.astype(np.float64), return_index=True)
    codes = np.empty(len(values), np.uint8)
    for start in range(0, len(values), CHUNK):
        chunk = slice(start, start + CHUNK)
        codes[chunk] = lowest[_nearest_distinct(values[chunk].astype(np.float64), distinct)]
    return codes


def _nearest_distinct(values: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """The same for distinct centres, all in float64."""
    midpoints = centres[:-1] / 2 + centres[1:] / 2
    index = np.searchsorted(midpoints, values, side="right")
    # On a midpoint, and where distances are rounded, a neighbour on the left is as near. Distances
    # fall and then rise along the centres, so walking left while they are no larger finds it.
    moving = np.flatnonzero(index)
    while moving.size:
        value, here = values[moving], index[moving]
        closer = np.abs(value - centres[here - 1]) <= np.abs(value - centres[here])
        moving = moving[closer]
        index[moving] -= 1
        moving = moving[index[moving] > 0]
    return index
