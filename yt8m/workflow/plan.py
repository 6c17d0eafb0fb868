"""What is made of what: the files that each step reads, by the names of what it makes."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from yt8m.data.source import Source
from yt8m.workflow.layout import Layout, digest_beside, ensemble_files
from yt8m.workflow.names import Names
from yt8m.workflow.shard_jobs import ShardJobs


class Undated(str):
    """A path that must exist, but whose date says nothing.

    Something else speaks for its content: a digest or a fingerprint that is an input as well, or a
    param.
    """


@dataclass(frozen=True)
class Plan(Names):
    """The inputs of each step.

    Methods take the names that a step's outputs are called by: `model`, `ensemble`, `teacher`,
    `split`, `shard`. They know nothing of what exists or has changed.
    """

    layout: Layout

    # Records

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
        return [self.records(split) for split in (self.train, *self.scored)]

    @cached_property
    def not_compared(self) -> list[Undated]:
        """Manifests of splits that are predicted only; they are read first like all others."""
        others = sorted({*self.splits} - {self.train, *self.scored})
        return [self.records(split) for split in others]

    @cached_property
    def all_digests(self) -> list[str]:
        """The digests of all these."""
        return digests([*self.compared, *self.not_compared])

    @cached_property
    def hashed_ids(self) -> list[Undated]:
        """What tells the videos of all that are compared."""
        return [Undated(self.layout.hashed_ids(split)) for split in (self.train, *self.scored)]

    @cached_property
    def comparison(self) -> list[str]:
        """Says that what is learned from has been compared, where there is something to compare."""
        return [self.layout.comparison["digest"]] if self.scored else []

    # Models

    def training_records(self, model: str) -> Undated:
        """What a model learns from: its teacher's `full` shards, or those of the split."""
        return (self._distilled(model, "full") or [self.records(self.train)])[0]

    def soft_labels(self, model: str) -> list[Undated]:
        """A student's predictions of its teacher that are read side by side with the records."""
        return self._distilled(model, "soft_labels")

    def training_digests(self, model: str) -> list[str]:
        """The digests of both."""
        return digests([self.training_records(model), *self.soft_labels(model)])

    def _distilled(self, model: str, layout: str) -> list[Undated]:
        if self.experiment.distillation.layout != layout:
            return []
        return [self.soft_label_manifest(teacher) for teacher in self.teachers_of_model(model)]

    # Ensembles

    def import_files(self, ensemble: str) -> dict[str, Undated]:
        """The files of an ensemble, where it was made."""
        files = ensemble_files(str(self.experiment.ensembles[ensemble].folder))
        return {name: Undated(path) for name, path in files.items()}

    def source_stage(self, ensemble: str) -> str:
        """The stage whose weights an ensemble's members start from."""
        return self.experiment.ensembles[ensemble].source_stage

    def source_folders(self, ensemble: str) -> list[str]:
        """Folders of an ensemble's members, before they are compressed to fit a budget."""
        stage = self.source_stage(ensemble)
        return [self.layout.stage(member, stage) for member in self.members(ensemble)]

    def source_weights(self, ensemble: str) -> list[str]:
        """Their weights."""
        stage = self.source_stage(ensemble)
        return [self.layout.weights(member, stage) for member in self.members(ensemble)]

    def member_source(self, ensemble: str, model: str) -> str:
        """The weights of one of them."""
        return self.layout.weights(model, self.source_stage(ensemble))

    def member_config(self, ensemble: str, model: str) -> str:
        """Its settings at the stage that it starts from."""
        return self.layout.config(model, f"{self.source_stage(ensemble)}/")

    def member_folders(self, ensemble: str) -> list[str]:
        """Folders of an ensemble's members, as the ensemble holds them."""
        if ensemble not in self.compressed:
            return self.source_folders(ensemble)
        return [self.layout.member(ensemble, member) for member in self.members(ensemble)]

    def member_weights(self, ensemble: str) -> list[str]:
        """Their weights."""
        if ensemble not in self.compressed:
            return self.source_weights(ensemble)
        members = self.members(ensemble)
        return [self.layout.compressed(ensemble, member)["weights"] for member in members]

    def member_configs(self, ensemble: str) -> list[str]:
        """The settings of an ensemble's members, in the order of the config."""
        return [self.layout.config(m) for m in self.experiment.ensembles[ensemble].members]

    def learned_weights(self, ensemble: str) -> list[str]:
        """The learned weights of an ensemble's members, where they are learned."""
        return [self.layout.learned_weights(ensemble)] if ensemble in self.learning else []

    def weighting_records(self, ensemble: str) -> Undated:
        """The records that an ensemble learns its weights on."""
        return self.records(self.learning[ensemble].split)

    def weighting_digest(self, ensemble: str) -> str:
        """Their digest."""
        return self.digest(self.learning[ensemble].split)

    def calibration_records(self, ensemble: str) -> Undated:
        """The records by whose predictions an ensemble is compressed."""
        return self.records(self.compressed[ensemble].split)

    def calibration_digest(self, ensemble: str) -> str:
        """Their digest."""
        return self.digest(self.compressed[ensemble].split)

    def recovery_records(self, ensemble: str, model: str) -> list[Undated]:
        """What a compressed member is finetuned on, where it is."""
        recovers = self.compressed[ensemble].recovery.is_needed
        return [self.training_records(model)] if recovers else []

    def recovery_soft_labels(self, ensemble: str, model: str) -> list[Undated]:
        """The predictions of its teacher, likewise."""
        recovers = self.compressed[ensemble].recovery.is_needed
        return self.soft_labels(model) if recovers else []

    def recovery_digests(self, ensemble: str, model: str) -> list[str]:
        """The digests of both."""
        soft_labels = self.recovery_soft_labels(ensemble, model)
        return digests([*self.recovery_records(ensemble, model), *soft_labels])

    @cached_property
    def licence(self) -> list[Undated]:
        """The licence of an archive's weights, if a file has it."""
        path = self.experiment.card.licence_file
        return [Undated(path)] if path else []

    # Soft labels

    @cached_property
    def shard_jobs(self) -> ShardJobs:
        """How the distilled shards are shared out among jobs."""
        shards = self.number_of_shards(self.train)
        return ShardJobs(shards, self.experiment.distillation.shards_per_job)

    def soft_label_shards(self, teacher: str) -> list[str]:
        """All shards of a teacher's soft labels."""
        jobs = self.shard_jobs
        return [self.layout.distilled_shard(teacher, n, jobs.total) for n in jobs.numbers]

    def soft_label_manifest(self, teacher: str) -> Undated:
        """The manifest of these."""
        return Undated(self.layout.distilled(teacher))


def digests(manifests: Iterable[str]) -> list[str]:
    """The digests of manifests."""
    return [digest_beside(manifest) for manifest in manifests]
