"""The frames of one feature: a `FeatureList` with one byte string per frame, to an array and back.

Since all frames have the same size, each of them starts with the same few bytes (tags and lengths).
So the whole list is a table, and checking its first columns replaces parsing every row:

    0a len(Feature) 0a len(BytesList) 0a size | size values      # T rows

A list that is not such a table is parsed value by value, with the same result or the same error.
"""

from collections.abc import Iterable
from functools import cache

import numpy as np

from yt8m.data.features import FeatureError, read_bytes
from yt8m.data.wire import LENGTH_DELIMITED, WireError, fields, header

_AS_BYTES = (
    "A frame is stored as one byte for each value v in [-2, 2], floor((v + 2) * 255 / 4), as the "
    "extractor of YouTube-8M writes them."
)


@cache
def _row_header(size: int) -> bytes:
    """The bytes before the `size` values of each frame."""
    inner = header(1, size)
    middle = header(1, len(inner) + size)
    return header(1, len(middle) + len(inner) + size) + middle + inner


@cache
def _head_type(size: int) -> np.dtype:
    """A row's header as one numpy value, so that all headers are copied at once."""
    return np.dtype((np.void, len(_row_header(size))))


def row_bytes(size: int) -> int:
    """Bytes that a frame of `size` values takes in a record."""
    return len(_row_header(size)) + size


def most_frames(size_bytes: int, sizes: Iterable[int]) -> int:
    """Frames that fit into so many bytes of a record, with features of these sizes each.

    No spelling of a frame takes fewer bytes than `row_bytes`. So it bounds the frames of a record
    before they are counted, and is exact where a record holds little besides.
    """
    return max(size_bytes, 0) // sum(map(row_bytes, sizes))


def encode_frames(frames: np.ndarray) -> bytes:
    """The FeatureList of frames, uint8 [T, size]."""
    head = _row_header(frames.shape[1])
    rows = np.empty((len(frames), row_bytes(frames.shape[1])), np.uint8)
    rows[:, : len(head)] = np.frombuffer(head, np.uint8)
    rows[:, len(head) :] = frames
    return rows.tobytes()


def decode_frames(view: memoryview, size: int, name: str) -> np.ndarray:
    """Frames of a FeatureList, uint8 [T, size]; a view of the same bytes if it is a table.

    Raises FeatureError for a frame that is not one byte string of `size` bytes, and WireError.
    """
    table = as_table(view, size)
    return table if table is not None else parse_frames(view, size, name)


def as_table(view: memoryview, size: int) -> np.ndarray | None:
    """The frames, uint8 [T, size], if every row begins as expected; else None."""
    head = _row_header(size)
    stride = row_bytes(size)
    if len(view) % stride or not len(view):
        return None
    count = len(view) // stride
    # Comparing strings takes half the time of comparing arrays.
    if np.ndarray(count, _head_type(size), view, 0, stride).tobytes() != head * count:
        return None
    return np.ndarray((count, size), np.uint8, view, len(head), (stride, 1))


def parse_frames(view: memoryview, size: int, name: str) -> np.ndarray:
    """Like `as_table` for any legal encoding of the list, frame by frame."""
    frames = []
    for number, wire_type, feature in fields(view):
        if number != 1 or wire_type != LENGTH_DELIMITED:
            continue
        field = f"{name}, frame {len(frames)}"
        values = _read_frame(feature, field)
        if len(values) != 1:
            raise FeatureError(f"{field}: holds {len(values)} byte strings; expected 1.")
        if len(values[0]) != size:
            raise FeatureError(f"{field}: holds {len(values[0])} bytes; expected {size}.")
        frames.append(np.frombuffer(values[0], np.uint8))
    if not frames:
        raise FeatureError(f"{name}: holds no frames; expected 1 or more.")
    return np.stack(frames)


def _read_frame(feature: memoryview, field: str) -> list[memoryview]:
    try:
        return read_bytes(feature, field)
    except FeatureError as error:
        raise FeatureError(f"{error} {_AS_BYTES}") from None


def frame_sizes(view: memoryview) -> tuple[int, int] | None:
    """The number of frames in a FeatureList, and the bytes of each.

    None unless every step is one byte string, all of the same size and not empty.
    """
    sizes, count = set(), 0
    try:
        for number, wire_type, feature in fields(view):
            if number == 1 and wire_type == LENGTH_DELIMITED:
                values = read_bytes(feature, "frame")
                sizes.add(len(values[0]) if len(values) == 1 else 0)
                count += 1
    except (FeatureError, WireError):
        return None
    return (count, sizes.pop()) if len(sizes) == 1 and 0 not in sizes else None
