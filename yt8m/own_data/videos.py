"""Arrays of all features of one video, as long as each other."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import numpy as np

from yt8m.errors import ArtefactError, RecordError
from yt8m.own_data.arrays import read_array, width_of
from yt8m.own_data.rows import Row

MOST_APART = 2
"""Largest difference in length between features of a video, in frames, that is cut off."""


def read_video(
    row: Row, widths: Mapping[str, int], max_frames: int
) -> dict[str, np.ndarray | None]:
    """The arrays of a row, by feature: float32 [T, R] with one T for all; None if it is absent.

    Features often differ by a frame at a video's end; the longer ones are cut off by up to
    `MOST_APART` frames. widths: R of each feature.
    Raises RecordError for an invalid array, and for larger differences in length.
    """
    arrays = {name: read_feature(row, name, width, max_frames) for name, width in widths.items()}
    end = common_length(arrays)
    return {name: array if array is None else array[:end] for name, array in arrays.items()}


def common_length(arrays: Mapping[str, np.ndarray | None], where: str = "") -> int:
    """The length of the shortest array. where: in front of messages.

    Raises RecordError if there is none, or if another is longer by more than `MOST_APART` frames.
    """
    lengths = {name: len(array) for name, array in arrays.items() if array is not None}
    if not lengths:
        raise RecordError(f"{where}has none of the features {', '.join(arrays)}")
    shortest, longest = min(lengths, key=lengths.get), max(lengths, key=lengths.get)
    if lengths[longest] - lengths[shortest] > MOST_APART:
        raise RecordError(
            f"{where}{longest} has {lengths[longest]} frames, {shortest} {lengths[shortest]}; "
            "features need the same number, one per second"
        )
    return lengths[shortest]


def read_feature(row: Row, feature: str, width: int, max_frames: int) -> np.ndarray | None:
    """One array of a row: float32 [T, R]; None if the video lacks the feature.

    Raises RecordError for a video without arrays or with an invalid one; ArtefactError if the
    array is a result, which can be made again.
    """
    with _checked(row):
        location = row.locations[feature]
        return read_array(location, feature, width, max_frames) if location else None


def width_in(row: Row, feature: str) -> int | None:
    """R of one array of a row; None if the video lacks the feature. Raises like `read_feature`."""
    with _checked(row):
        location = row.locations[feature]
        return width_of(location, feature) if location else None


@contextmanager
def _checked(row: Row) -> Iterator[None]:
    if row.problem:
        raise RecordError(row.problem)
    try:
        yield
    except RecordError as error:
        if row.remedy:
            raise ArtefactError(f"{error}; {row.remedy}") from None
        raise
