"""Videos to compare predictions on."""

from collections.abc import Iterator

import numpy as np

from yt8m.data.records import Records
from yt8m.data.schema import Batch, Schema


def real_videos(records: Records, most: int, size: int) -> Iterator[Batch]:
    """At most `most` videos, evenly spread, in batches of at most `size`."""
    chosen = np.unique(np.linspace(0, len(records) - 1, most).astype(int))
    for start in range(0, len(chosen), size):
        yield records.batch(chosen[start : start + size])


def made_up_videos(schema: Schema, size: int, videos: int = 16) -> Iterator[Batch]:
    """Random frames as records hold them, in batches of at most `size`, without labels.

    The first video is as long as possible, the second one has one frame.
    """
    random = np.random.default_rng(0)
    if schema.layout == "video":
        frames = random.normal(size=(videos, 1, schema.feature_size)).astype(np.float32)
        lengths = np.ones(videos, np.int32)
    else:
        longest = schema.max_frames
        frames = random.integers(0, 256, (videos, longest, schema.feature_size), np.uint8)
        lengths = random.integers(1, longest + 1, videos, np.int32)
        lengths[:2] = longest, 1
    labels = np.zeros((videos, schema.classes), bool)
    for start in range(0, videos, size):
        part = slice(start, start + size)
        ids = [f"video {number}" for number in range(videos)[part]]
        yield Batch(ids, frames[part], lengths[part], labels[part])
