"""The nearest centre of each value."""

import numpy as np

CHUNK = 2**16
"""Values processed at a time: the working set stays in the cache."""


def nearest(values: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """Code of the centre nearest to each value; of equally near ones the lowest code.

    values: float32 [N]. centres: float32 [<= 256], ascending, repetitions allowed.
    Returns uint8 [N]: exactly the argmin of the float64 distances, without computing all of them.
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
    # On a midpoint, and where distances round to the same value, a neighbour on the left may be as
    # near. Distances fall and then rise along the centres, so move left while they do not grow.
    moving = np.flatnonzero(index)
    while moving.size:
        value, here = values[moving], index[moving]
        closer = np.abs(value - centres[here - 1]) <= np.abs(value - centres[here])
        moving = moving[closer]
        index[moving] -= 1
        moving = moving[index[moving] > 0]
    return index


def squared_error(ordered: np.ndarray, centres: np.ndarray) -> float:
    """Sum of the squared distances to the nearest centres, in float64.

    ordered: float32 [N], ascending. centres: float32 [L], ascending.
    """
    centres = centres.astype(np.float64)
    midpoints = centres[:-1] / 2 + centres[1:] / 2
    total = 0.0
    for start in range(0, len(ordered), CHUNK):
        errors = ordered[start : start + CHUNK].astype(np.float64)
        ends = np.searchsorted(errors, midpoints)
        errors -= np.repeat(centres, np.diff(ends, prepend=0, append=len(errors)))
        total += float(np.square(errors).sum())
    return total
