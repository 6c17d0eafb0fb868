"""One branch of a model for each feature of a frame."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from yt8m.data.schema import Schema


@dataclass(frozen=True)
class Branch:
    """One feature's part of a model.

    feature: its name. size: how many values of a frame it holds.
    clusters: of its aggregation.
    frames: its part of the frames, symbolic float [B, T, size].
    """

    feature: str
    size: int
    clusters: int
    frames: Any


def branches(frames, schema: Schema, clusters: int = 0, share: int = 1) -> Iterator[Branch]:
    """The first feature with all of the clusters, every further one with 1 / share of them.

    A model that has no clusters asks for none. frames: symbolic float [B, T, F].
    """
    from keras import ops

    *cuts, _ = accumulate(schema.features.values())
    # In one go, so that the gradients of the parts are laid side by side, not added up.
    parts = ops.split(frames, cuts, axis=-1) if cuts else [frames]
    for i, (feature, size) in enumerate(schema.features.items()):
        yield Branch(feature, size, clusters // share if i else clusters, parts[i])
