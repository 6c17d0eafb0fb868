"""Arrays of all features of one video, as long as each other."""

from collections.abc import Mapping

import numpy as np

from yt8m.errors import RecordError
from yt8m.own_data.arrays import read_array
from yt8m.own_data.rows import Row

MOST_APART = 2
"""Largest difference in length between features of a video, in frames, that is cut off."""


def read_video(row: Row, widths: Mapping[str, int], max_frames: int) -> dict[str, np.ndarray]:
    """The arrays of a row, by feature: float32 [T, R] with one T for all.

    Features often differ by a frame at a video's end; the longer ones are cut off by up to
    `MOST_APART` frames. widths: R of each feature.
    Raises RecordError for an invalid array, and for larger differences in length.
    """
    arrays = {
        name: read_array(row.locations[name], name, width, max_frames)
        for name, width in widths.items()
    }
    lengths = {name: len(array) for name, array in arrays.items()}
    shortest, longest = min(lengths, key=lengths.get), max(lengths, key=lengths.get)
    if lengths[longest] - lengths[shortest] > MOST_APART:
        raise RecordError(
            f"{longest} has {lengths[longest]} frames, {shortest} {lengths[shortest]}; features "
            "need the same number, one per second"
        )
    return {name: array[: lengths[shortest]] for name, array in arrays.items()}
