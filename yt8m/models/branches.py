"""One branch of a model for each feature of a frame."""

from collections.abc import Iterator
from dataclasses import dataclass

from yt8m.data.schema import Schema


@dataclass(frozen=True)
class Branch:
    """One feature's part of a model.

    feature: its name.
    start, stop: where its values stand in F.
    clusters: of its aggregation.
    """

    feature: str
    start: int
    stop: int
    clusters: int

    @property
    def size(self) -> int:
        """How many values of a frame it holds."""
        return self.stop - self.start

    def of(self, frames):
        """frames: [B, T, F] -> [B, T, stop - start]."""
        return frames[:, :, self.start : self.stop]


def branches(schema: Schema, clusters: int = 0, share: int = 1) -> Iterator[Branch]:
    """The first feature with all of the clusters, every further one with 1 / share of them.

    A model that has no clusters asks for none.
    """
    start = 0
    for i, (feature, size) in enumerate(schema.features.items()):
        yield Branch(feature, start, start + size, clusters // share if i else clusters)
        start += size
