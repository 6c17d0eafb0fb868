"""Freed memory that is kept for the next arrays.

The GNU C library returns large freed arrays to the system, and the system clears each page before
it gives it out again, which takes longer than reading a video's values into it.
"""

import numpy as np

KEPT_BYTES = 16 << 20


def keep_freed_memory() -> None:
    """Keep freed arrays of up to `KEPT_BYTES` for reuse, twice that in all; GNU C library only.

    Its limits follow the largest mapping that was freed so far, of at most 32 MiB (mallopt(3),
    M_MMAP_THRESHOLD), so one such array is made and freed. Its pages are never used.
    """
    np.empty(KEPT_BYTES, np.uint8)
