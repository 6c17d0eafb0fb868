"""The files of records: shards, manifests, and what tells whether they have changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from yt8m.data.source import Source
from yt8m.workflow.layout import Layout, digest_beside
from yt8m.workflow.names import Names


class Undated(str):
    """A path that must exist, but whose date says nothing.

    Something else speaks for its content: a digest or a fingerprint that is an input as well, or a
    param.
    """


@dataclass(frozen=True)
class RecordFiles(Names):
    """The inputs of the steps that make and read records; methods take names, as in `Plan`."""

    layout: Layout

    @property
    def source(self) -> Source:
        """Where the records come from."""
        return self.experiment.dataset.source

    def number_of_shards(self, split: str) -> int:
        """How many shards a split has."""
        return self.source.shards()[split]

    def shards(self, split: str) -> list[str]:
        """What the manifest of a split is made from: its shards, or the list of those given."""
        if not self.source.makes_shards:
            return [self.layout.shard_list(split)]
        total = self.number_of_shards(split)
        return [self.layout.shard(split, f"{i:05d}", f"{total:05d}") for i in range(total)]

    def shard_inputs(self, split: str, shard: str) -> list[Undated]:
        """The files that are given for a shard to be made from."""
        return [Undated(path) for path in self.source.inputs(split, int(shard))]

    def records(self, split: str) -> Undated:
        """The manifest of a split; its digest speaks for it, whatever its size and date."""
        return Undated(self.layout.manifest(split))

    def digest(self, split: str) -> str:
        """Its digest."""
        return digest_beside(self.layout.manifest(split))

    @cached_property
    def label_names(self) -> list[Undated]:
        """The file with the names of classes, if there is one."""
        path = self.experiment.dataset.label_names
        return [Undated(path)] if path else []

    @cached_property
    def compared(self) -> list[Undated]:
        """Manifests that are searched for the same videos, the one that is learned from first."""
        return [self.records(split) for split in (self.train, *self.evaluated)]

    @cached_property
    def not_compared(self) -> list[Undated]:
        """Manifests of splits that are predicted only; they are read first like all others."""
        others = sorted({*self.splits} - {self.train, *self.evaluated})
        return [self.records(split) for split in others]

    @cached_property
    def all_digests(self) -> list[str]:
        """The digests of all these."""
        return digests([*self.compared, *self.not_compared])

    @cached_property
    def hashed_ids(self) -> list[Undated]:
        """What tells the videos of all that are compared."""
        return [Undated(self.layout.hashed_ids(split)) for split in (self.train, *self.evaluated)]

    @cached_property
    def comparison(self) -> list[str]:
        """Says that what is learned from has been compared, where there is something to compare."""
        return [self.layout.comparison["digest"]] if self.evaluated else []


def digests(manifests: Iterable[str]) -> list[str]:
    """The digests of manifests."""
    return [digest_beside(manifest) for manifest in manifests]
