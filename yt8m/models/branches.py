"""One branch of a model per feature."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from yt8m.data.schema import Schema


@dataclass(frozen=True)
class Branch:
    """One feature's part of a model.

    feature: its name. size: its values per frame.
    clusters: number of clusters of its aggregation.
    frames: its part of the frames, symbolic float [B, T, size].
    """

    feature: str
    size: int
    clusters: int
    frames: Any


def branches(frames, schema: Schema, clusters: int = 0, share: int = 1) -> Iterator[Branch]:
    """A branch per feature: the first with all clusters, every other one with 1 / share of them.

    A model without clusters passes 0. frames: symbolic float [B, T, F].
    """
    from keras import ops

    *cuts, _ = accumulate(schema.features.values())
    # One split, so that the gradients of the parts are concatenated, not added up.
    parts = ops.split(frames, cuts, axis=-1) if cuts else [frames]
    for i, (feature, size) in enumerate(schema.features.items()):
        yield Branch(feature, size, clusters // share if i else clusters, parts[i])
