"""The files that each step reads, by the names of what it makes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from yt8m.config.resources import SHARDS_A_JOB
from yt8m.workflow.job_parts import JobParts
from yt8m.workflow.layout import ensemble_files, evaluated_part, metric_files
from yt8m.workflow.record_files import RecordFiles, Undated, digests
from yt8m.workflow.shard_jobs import ShardJobs


def not_chosen(ensemble: str) -> Sequence[str]:
    """The members of an ensemble, of which nobody knows the choice. Raises LookupError."""
    raise LookupError(f"the members of {ensemble} are not chosen yet")


@dataclass(frozen=True)
class Plan(RecordFiles):
    """The inputs of each step, including its records.

    Methods take the wildcards of a step's outputs: `model`, `ensemble`, `teacher`, `split`,
    `shard`. They do not depend on what exists or has changed, except for the members of an ensemble
    that are chosen during the run.

    choice_of: returns the members of such an ensemble, the best first.
    """

    choice_of: Callable[[str], Sequence[str]] = not_chosen

    # Models

    def training_records(self, model: str) -> Undated:
        """The training records of a model: its teacher's `full` shards, or those of the split."""
        return (self._distilled(model, "full") or [self.records(self.train)])[0]

    def soft_labels(self, model: str) -> list[Undated]:
        """The manifest of a student's soft labels, if they are stored apart from the records."""
        return self._distilled(model, "soft_labels")

    def validation_records(self, model: str) -> list[Undated]:
        """The records that a model is validated on while it trains, if any."""
        return [self.records(split) for split in self.validation_split(model)]

    def training_digests(self, model: str) -> list[str]:
        """The digests of a model's training records, soft labels and records for validation."""
        more = [*self.soft_labels(model), *self.validation_records(model)]
        return digests([self.training_records(model), *more])

    def _distilled(self, model: str, layout: str) -> list[Undated]:
        if self.experiment.distillation.layout != layout:
            return []
        return [self.soft_label_manifest(teacher) for teacher in self.teachers_of_model(model)]

    # Ensembles

    def members(self, ensemble: str) -> list[str]:
        """The models in an ensemble, sorted; empty for an imported ensemble."""
        return sorted(self.member_shares(ensemble))

    def member_shares(self, ensemble: str) -> Mapping[str, float]:
        """Member -> its weight before any is learned, in the order of the config; sorted if chosen.

        So what is made of them does not depend on which of the chosen was the best.
        """
        if ensemble not in self.chosen:
            return self.experiment.ensembles[ensemble].members
        members = sorted(self.choice_of(ensemble))
        return dict.fromkeys(members, 1 / len(members))

    def candidate_folders(self, ensemble: str) -> list[str]:
        """Folders of the candidates for an ensemble, at the stage of its members."""
        stage = self.source_stage(ensemble)
        return [self.layout.stage(name, stage) for name in self.candidates(ensemble)]

    def candidate_weights(self, ensemble: str) -> list[str]:
        """Weights files of the candidates for an ensemble, at that stage."""
        stage = self.source_stage(ensemble)
        return [self.layout.weights(name, stage) for name in self.candidates(ensemble)]

    def candidate_metrics(self, ensemble: str) -> list[str]:
        """The metrics that the candidates for an ensemble are compared by."""
        split, folders = self.chosen_on(ensemble), self.candidate_folders(ensemble)
        return [metric_files(folder, split)["metrics"] for folder in folders]

    def choice_records(self, ensemble: str) -> Undated:
        """The records that the candidates for an ensemble are compared on."""
        return self.records(self.chosen_on(ensemble))

    def choice_digest(self, ensemble: str) -> str:
        """The digest of these records."""
        return self.digest(self.chosen_on(ensemble))

    def choices(self, ensembles: Iterable[str]) -> list[str]:
        """How members were chosen, of those ensembles for which they are."""
        return [self.layout.choice(name) for name in ensembles if name in self.chosen]

    def import_files(self, ensemble: str) -> dict[str, Undated]:
        """The files of an imported ensemble in its original folder."""
        files = ensemble_files(str(self.experiment.ensembles[ensemble].folder))
        return {name: Undated(path) for name, path in files.items()}

    def source_stage(self, ensemble: str) -> str:
        """The stage of the members' weights that an ensemble is made from."""
        return self.experiment.ensembles[ensemble].source_stage

    def source_folders(self, ensemble: str) -> list[str]:
        """Folders of an ensemble's members before compression."""
        stage = self.source_stage(ensemble)
        return [self.layout.stage(member, stage) for member in self.members(ensemble)]

    def source_weights(self, ensemble: str) -> list[str]:
        """Weights files of an ensemble's members before compression."""
        stage = self.source_stage(ensemble)
        return [self.layout.weights(member, stage) for member in self.members(ensemble)]

    def member_source(self, ensemble: str, model: str) -> str:
        """The weights file of one member before compression."""
        return self.layout.weights(model, self.source_stage(ensemble))

    def member_config(self, ensemble: str, model: str) -> str:
        """A member's settings at the stage that it is compressed from."""
        return self.layout.config(model, f"{self.source_stage(ensemble)}/")

    def member_folders(self, ensemble: str) -> list[str]:
        """Folders of an ensemble's members, as the ensemble stores them."""
        if ensemble not in self.compressed:
            return self.source_folders(ensemble)
        return [self.layout.member(ensemble, member) for member in self.members(ensemble)]

    def member_weights(self, ensemble: str) -> list[str]:
        """Weights files of an ensemble's members, as the ensemble stores them."""
        if ensemble not in self.compressed:
            return self.source_weights(ensemble)
        members = self.members(ensemble)
        return [self.layout.compressed(ensemble, member)["weights"] for member in members]

    def member_configs(self, ensemble: str) -> list[str]:
        """The settings of an ensemble's members, in the order of `member_shares`."""
        return [self.layout.config(member) for member in self.member_shares(ensemble)]

    def learned_weights(self, ensemble: str) -> list[str]:
        """The learned weights of an ensemble's members, if configured."""
        return [self.layout.learned_weights(ensemble)] if ensemble in self.learning else []

    def weight_learning_records(self, ensemble: str) -> Undated:
        """The records that an ensemble learns its weights on."""
        return self.records(self.learning[ensemble].split)

    def weight_learning_digest(self, ensemble: str) -> str:
        """The digest of these records."""
        return self.digest(self.learning[ensemble].split)

    def calibration_records(self, ensemble: str) -> Undated:
        """The records on which an ensemble's compression plan is made."""
        return self.records(self.compressed[ensemble].split)

    def calibration_digest(self, ensemble: str) -> str:
        """The digest of these records."""
        return self.digest(self.compressed[ensemble].split)

    def recovery_records(self, ensemble: str, model: str) -> list[Undated]:
        """The records for the recovery of a compressed member, if configured."""
        recovers = self.compressed[ensemble].recovery.is_needed
        return [self.training_records(model)] if recovers else []

    def recovery_soft_labels(self, ensemble: str, model: str) -> list[Undated]:
        """The soft labels for the recovery of a compressed student, if configured."""
        recovers = self.compressed[ensemble].recovery.is_needed
        return self.soft_labels(model) if recovers else []

    def recovery_digests(self, ensemble: str, model: str) -> list[str]:
        """The digests of the records and soft labels for recovery."""
        soft_labels = self.recovery_soft_labels(ensemble, model)
        return digests([*self.recovery_records(ensemble, model), *soft_labels])

    def scores(self, ensemble: str) -> str:
        """The scores that an ensemble's thresholds are chosen from."""
        return self.layout.scores(ensemble, self.decided)

    def thresholds(self, ensemble: str) -> list[str]:
        """The thresholds of an ensemble's classes and how they were chosen, if they are."""
        return [*self.layout.thresholds(ensemble).values()] if self.decided else []

    def errors(self, ensemble: str) -> list[str]:
        """What an ensemble gets wrong on a split not trained on, if one is evaluated."""
        if not (split := self.experiment.run.held_out):
            return []
        layout = self.layout
        return [f(ensemble, split) for f in (layout.mistakes, layout.confusions, layout.scores)]

    def class_gains(self, ensemble: str) -> list[str]:
        """What each stage changed for each class, on the same split."""
        split = self.experiment.run.held_out
        return [self.layout.class_gains(ensemble, split)] if split else []

    def thumbnails(self, ensemble: str) -> list[str]:
        """Thumbnails of its best and worst videos, if the source is of videos, on that split."""
        split = self.experiment.run.held_out
        return [self.layout.thumbnails(ensemble, split)] if self.videos and split else []

    # Evaluation and prediction in parts

    def evaluated_parts(self, model: str, stage: str, split: str) -> list[str]:
        """What was collected by the evaluation of each part, of a stage of a model on a split."""
        return self._evaluated_parts(self.layout.stage(model, stage), split)

    def evaluated_parts_of(self, ensemble: str, split: str) -> list[str]:
        """The same of an ensemble."""
        return self._evaluated_parts(self.layout.ensemble(ensemble), split)

    def _evaluated_parts(self, folder: str, split: str) -> list[str]:
        parts = self.inference_parts(split)
        return [evaluated_part(folder, split, name, parts.total) for name in parts.names]

    def predicted_parts(self, ensemble: str, split: str) -> list[str]:
        """An ensemble's predictions of each part of a split."""
        parts = self.inference_parts(split)
        names = parts.names
        return [self.layout.predicted_part(ensemble, split, n, parts.total) for n in names]

    # All sizes

    def frontier_weights(self, model: str) -> str:
        """The weights of a model that are stored in several ways."""
        return self.layout.weights(model, self.experiment.frontier.compress.stage)

    def frontier_config(self, model: str) -> str:
        """The settings that these weights depend on."""
        return self.layout.config(model, f"{self.experiment.frontier.compress.stage}/")

    def frontier_records(self) -> dict[str, Undated]:
        """The records that plans are made on, and those to evaluate on."""
        planned_on = self.experiment.frontier.compress.split
        return {
            "planned_on": self.records(planned_on),
            "records": self.records(self.frontier_split),
        }

    def frontier_digests(self) -> list[str]:
        """The digests of these records."""
        return digests(self.frontier_records().values())

    def model_points(self) -> list[str]:
        """What every model of the frontier scores at all sizes."""
        return [self.layout.model_points(model) for model in self.frontier_models]

    def frontier_teachers(self) -> list[str]:
        """The teachers of the models of the frontier."""
        return self.teachers_of(self.frontier_models)

    @cached_property
    def licence(self) -> list[Undated]:
        """The file with the licence of an archive's weights, if any."""
        path = self.experiment.card.licence_file
        return [Undated(path)] if path else []

    # Soft labels

    @cached_property
    def shard_jobs(self) -> ShardJobs:
        """The distribution of the distilled shards over jobs."""
        shards = self.number_of_shards(self.train)
        return ShardJobs(shards, self.experiment.distillation.shards_per_job)

    def soft_label_shards(self, teacher: str) -> list[str]:
        """All shards of a teacher's soft labels."""
        jobs = self.shard_jobs
        return [self.layout.distilled_shard(teacher, n, jobs.total) for n in jobs.numbers]

    @cached_property
    def soft_label_parts(self) -> JobParts | None:
        """The parts in which the shards of soft labels are read; None if one job reads them.

        Their size is no setting: students would learn again after a change, since their inputs do
        not wait for this manifest as they do for those of splits.
        """
        parts = JobParts(self.shard_jobs.shards, SHARDS_A_JOB)
        return parts if parts.count > 1 else None

    def soft_label_part(self, teacher: str, shard: str) -> list[str]:
        """The shards in a part of a teacher's soft labels."""
        shards = self.soft_label_shards(teacher)
        return [shards[number] for number in self.soft_label_parts.numbers(shard)]

    def soft_label_manifest_inputs(self, teacher: str) -> list[str]:
        """What the manifest of a teacher's soft labels is made from: its shards, or what was found
        in parts of them.
        """
        parts = self.soft_label_parts
        if parts is None:
            return self.soft_label_shards(teacher)
        return [self.layout.surveyed_soft_labels(teacher, n, parts.total) for n in parts.names]

    def soft_label_manifest(self, teacher: str) -> Undated:
        """The manifest of a teacher's soft labels."""
        return Undated(self.layout.distilled(teacher))
