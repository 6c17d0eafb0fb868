"""Sound of a video as one array."""

from contextlib import closing
from itertools import islice

import numpy as np

from yt8m.video.sound import RATE, sound_parts


def sound_of(path, seconds):
    """The first seconds, read in parts of half a second; None without sound."""
    with closing(sound_parts(path, RATE // 2)) as parts:
        found = list(islice(parts, 2 * seconds))
    assert all(len(part) == RATE // 2 for part in found[:-1])
    return np.concatenate(found) if found else None
