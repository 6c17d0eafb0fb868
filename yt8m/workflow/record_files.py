"""The files of records: shards, manifests, and digests that show whether they have changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from yt8m.artefacts import EXTRACTION, LABELS, PROJECTIONS
from yt8m.own_data.left_out import beside
from yt8m.protocols import ArraySource, DownloadedSource, Source, VideoSource
from yt8m.workflow.job_parts import JobParts
from yt8m.workflow.layout import Layout, digest_beside
from yt8m.workflow.splits import Splits


class Undated(str):
    """A path that must exist, but whose date is ignored.

    Changes of its content are detected by something else: a digest or a fingerprint among the
    inputs, or a param.
    """


@dataclass(frozen=True)
class RecordFiles(Splits):
    """The inputs of the steps that make and read records; methods take wildcards, as in `Plan`."""

    layout: Layout

    @property
    def source(self) -> Source:
        """Where the records come from."""
        return self.experiment.dataset.source

    def number_of_shards(self, split: str) -> int:
        """How many shards a split has."""
        return self.source.shards()[split]

    def shards(self, split: str) -> list[str]:
        """What is read of a split: its shards, or lists of those given or downloaded."""
        if self.downloads:
            return self.downloaded(split)
        if not self.source.makes_shards:
            return [self.layout.shard_list(split)]
        total = self.number_of_shards(split)
        return [self.layout.shard(split, f"{i:05d}", f"{total:05d}") for i in range(total)]

    def survey_parts(self, split: str) -> JobParts | None:
        """The parts in which the shards of a split are read; None if one job reads all of them.

        A part has shards, or lists of those that are downloaded.
        """
        shards = self.number_of_shards(split)
        things = self.downloads.parts(split) if self.downloads else shards
        most = self.experiment.resources.records.shards_per_job
        parts = JobParts(things, max(1, most * things // max(1, shards)))
        return parts if parts.count > 1 else None

    def inference_parts(self, split: str) -> JobParts | None:
        """The parts in which a split is evaluated and predicted; None if one job does so."""
        most = self.experiment.resources.infer.shards_per_job
        parts = JobParts(self.number_of_shards(split), most)
        return parts if parts.count > 1 else None

    @cached_property
    def inferred_in_parts(self) -> list[str]:
        """The splits that are evaluated and predicted in parts."""
        return [split for split in self.splits if self.inference_parts(split)]

    @cached_property
    def surveyed_splits(self) -> list[str]:
        """The splits that are read in parts."""
        return [split for split in self.splits if self.survey_parts(split)]

    def surveyed(self, split: str) -> list[str]:
        """What was found in each part of a split; none if one job reads all of it."""
        parts = self.survey_parts(split)
        if parts is None:
            return []
        return [self.layout.surveyed(split, name, parts.total) for name in parts.names]

    def part_inputs(self, split: str, shard: str) -> list[str]:
        """The inputs of the survey of a part: its shards, or lists of them."""
        parts = self.survey_parts(split)
        if not (self.source.makes_shards or self.downloads):
            return [self.layout.shard_list_part(split, shard, parts.total)]
        shards = self.shards(split)
        return [shards[number] for number in parts.numbers(shard)]

    def manifest_inputs(self, split: str) -> list[str]:
        """The inputs of a split's manifest."""
        return self.surveyed(split) or self.shards(split)

    def shard_inputs(self, split: str, shard: str) -> list[Undated]:
        """The given files that a shard is made from; arrays, of which there are many, only as a
        digest (`InputFiles.inputs_state`), since Snakemake would print them all.
        """
        if self.arrays:
            return []
        return [Undated(path) for path in self.source.inputs(split, int(shard))]

    def records(self, split: str) -> Undated:
        """The manifest of a split; changes are detected by its digest, not its date."""
        return Undated(self.layout.manifest(split))

    def digest(self, split: str) -> str:
        """The digest of a split's manifest."""
        return digest_beside(self.layout.manifest(split))

    @cached_property
    def arrays(self) -> ArraySource | None:
        """The source, if it is one of arrays that are projected first."""
        return self.source if isinstance(self.source, ArraySource) else None

    @cached_property
    def videos(self) -> VideoSource | None:
        """The source, if it is one of videos whose features are extracted first."""
        return self.source if isinstance(self.source, VideoSource) else None

    @cached_property
    def downloads(self) -> DownloadedSource | None:
        """The source, if it is one of shards that are downloaded first."""
        return self.source if isinstance(self.source, DownloadedSource) else None

    def downloaded(self, split: str) -> list[str]:
        """The lists of a split's downloaded shards, by part."""
        parts = self.downloads.parts(split)
        return [self.layout.downloaded(split, f"{n:05d}", f"{parts:05d}") for n in range(parts)]

    def extracted(self, split: str, shard: str, shards: str) -> list[str]:
        """What was found in the videos of a shard, if the source is of videos."""
        return [self.layout.extracted(split, shard, shards)] if self.videos else []

    def extracted_of(self, split: str) -> list[str]:
        """What was found in the videos of a split, if the source is of videos."""
        shards = self.number_of_shards(split)
        numbers = [f"{number:05d}" for number in range(shards)]
        return [path for n in numbers for path in self.extracted(split, n, f"{shards:05d}")]

    def extracted_of_train(self) -> list[str]:
        """The same of the training split."""
        return self.extracted_of(self.train)

    def projections(self) -> list[str]:
        """The fitted projections that shards need, if any."""
        return [self.layout.projections] if self.arrays else []

    @cached_property
    def own_names(self) -> list[str]:
        """The names of classes that ensembles keep, if the source is of arrays."""
        return [self.layout.labels] if self.arrays else []

    def extraction(self) -> list[str]:
        """How videos become features, if the source is of videos."""
        return [self.layout.extraction] if self.videos else []

    def beside(self, ensemble: str) -> list[str]:
        """The files that an ensemble keeps in its folder, if the source is of arrays."""
        kept = {LABELS: self.own_names, PROJECTIONS: self.projections()}
        kept[EXTRACTION] = self.extraction()
        return [f"{ensemble}/{file}" for file, given in kept.items() if given]

    def projections_in(self, ensemble: str) -> list[Undated]:
        """The projections that an ensemble's graph contains, if any; later changes of them change
        the digests of records too.
        """
        raw = self.experiment.ensembles[ensemble].raw
        return [Undated(path) for path in self.projections()] if raw else []

    def left_out_beside(self, shard: str) -> list[str]:
        """The table of the videos that are left out of a shard, if the source is of arrays."""
        return [beside(shard)] if self.arrays else []

    def left_out(self) -> list[str]:
        """The tables of the videos that are left out of each shard."""
        return [beside(shard) for split in self.splits for shard in self.shards(split)]

    @cached_property
    def label_names(self) -> list[Undated]:
        """The file with the names of classes, if any."""
        if self.arrays:
            return [Undated(self.layout.labels)]
        path = self.experiment.dataset.label_names
        return [Undated(path)] if path else []

    @cached_property
    def compared(self) -> list[Undated]:
        """Manifests that are searched for shared videos, that of the training split first."""
        return [self.records(split) for split in (self.train, *self.evaluated)]

    @cached_property
    def not_compared(self) -> list[Undated]:
        """Manifests of splits that are only predicted; they must also exist before training."""
        others = sorted({*self.splits} - {self.train, *self.evaluated})
        return [self.records(split) for split in others]

    @cached_property
    def all_digests(self) -> list[str]:
        """The digests of the manifests of all splits."""
        return digests([*self.compared, *self.not_compared])

    @cached_property
    def hashed_ids(self) -> list[Undated]:
        """The hashed ids of all splits that are compared."""
        return [Undated(self.layout.hashed_ids(split)) for split in (self.train, *self.evaluated)]

    @cached_property
    def comparison(self) -> list[str]:
        """The digest that vouches for the comparison of the training split, if there is any."""
        return [self.layout.comparison["digest"]] if self.evaluated else []


def digests(manifests: Iterable[str]) -> list[str]:
    """The digests of manifests."""
    return [digest_beside(manifest) for manifest in manifests]
