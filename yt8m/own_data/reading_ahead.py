"""Files that the system reads from the disk while earlier ones are worked on.

The requests (`posix_fadvise`, POSIX_FADV_WILLNEED) return at once, and several files are read at
the same time; no thread is needed, and the process's own memory does not grow.
"""

import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence

from yt8m.files import check_regular
from yt8m.own_data.rows import Row, files_of

WINDOW_BYTES = 32 << 20
"""Bytes that are requested ahead, besides the last row's."""

WINDOW_ROWS = 64
"""Rows whose files are requested ahead, at most."""

UNCHECKED = 7
"""Rows that are passed on without a look after one whose files are in memory already."""

HEADER_BYTES = 4096
"""More than headers of .npy files have."""

PART_BYTES = 128 << 10
"""Bytes per request, as much as disks read ahead by default; Linux may cut longer ones off."""


def most_bytes(frames: int, width: int) -> int:
    """Bytes of a .npy file from its beginning to the end of so many frames of its widest type."""
    return HEADER_BYTES + 8 * frames * width


def reading_ahead(rows: Iterable[Row], features: Sequence[str], most_bytes: int) -> Iterator[Row]:
    """The same rows in order, after the files of the next ones have been requested.

    most_bytes: of a file, from its beginning. Has no effect where systems lack such requests, and
    for files that cannot be read.
    """
    if not hasattr(os, "RWF_NOWAIT"):  # of Linux, as is the meaning of the requests
        yield from rows
        return
    waiting: deque[tuple[Row, int]] = deque()
    requested, unchecked = 0, 0
    for row in rows:
        size = 0
        if unchecked:
            unchecked -= 1
        else:
            sizes = [_request(path, most_bytes) for path in files_of([row], features)]
            size = sum(sizes)
            unchecked = 0 if any(sizes) else UNCHECKED
        waiting.append((row, size))
        requested += size
        while requested > WINDOW_BYTES or len(waiting) > WINDOW_ROWS:
            ready, size = waiting.popleft()
            requested -= size
            yield ready
    yield from (row for row, _ in waiting)


def _request(path: str, most_bytes: int) -> int:
    """Request a file; the number of bytes, 0 if they are in memory already."""
    try:
        size = min(check_regular(path).st_size, most_bytes)
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError:
        return 1  # whoever reads it will say what is wrong; others may have to be requested
    try:
        if _is_in_memory(file, size):
            return 0
        for start in range(0, size, PART_BYTES):
            os.posix_fadvise(file, start, PART_BYTES, os.POSIX_FADV_WILLNEED)
    finally:
        os.close(file)
    return size


def _is_in_memory(file: int, size: int) -> bool:
    """Whether the last of these bytes can be read without waiting for the disk."""
    try:
        return bool(os.preadv(file, [bytearray(1)], max(size - 1, 0), os.RWF_NOWAIT))
    except OSError:
        return False
