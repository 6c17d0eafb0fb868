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


def made_up_videos(schema: Schema, size: int = 4) -> Iterator[Batch]:
    """Four videos of random frames, as records hold them, in batches of at most `size`.

    They have no labels. Two are as long as possible, one has a single frame.
    """
    random, videos = np.random.default_rng(0), 4
    if schema.layout == "video":
        frames = random.normal(size=(videos, 1, schema.feature_size)).astype(np.float32)
        lengths = np.ones(videos, np.int32)
    else:
        longest = schema.max_frames
        frames = random.integers(0, 256, (videos, longest, schema.feature_size), np.uint8)
        lengths = np.array([longest, 1, longest // 2 + 1, longest], np.int32)
    labels = np.zeros((videos, schema.classes), bool)
    for start in range(0, videos, size):
        part = slice(start, start + size)
        yield Batch([""] * len(lengths[part]), frames[part], lengths[part], labels[part])
