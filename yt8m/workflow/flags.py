"""What commands are told besides settings: an option where there is a file, a folder or a name."""

import json
import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from yt8m.recipes import as_entry
from yt8m.workflow.plan import Plan


def as_json(value: Any) -> str:
    """A value as JSON; equal ones are equal texts."""
    return json.dumps(value, sort_keys=True)


def quoted(files: str | Iterable[str]) -> str:
    """One file or folder, or several, as a shell wants them."""
    return " ".join(map(shlex.quote, [files] if isinstance(files, str) else files))


def option(name: str, files: str | Iterable[str]) -> str:
    """An option for each file; none where there is none."""
    paths = [files] if isinstance(files, str) else files
    return " ".join(f"--{name} {shlex.quote(path)}" for path in paths)


@dataclass(frozen=True)
class Flags:
    """Options of commands, as texts for a shell.

    plan: one whose layout has a real folder. Methods take the names that a step's outputs are
    called by, and where they end in `input`, the step's input files.
    """

    plan: Plan

    # Records

    def source(self, split: str, shard: str) -> str:
        """The source as far as a shard depends on it, and the shard's number there."""
        source, number = self.plan.source.for_shard(split, int(shard))
        return f"--source {quoted(as_json(as_entry(source)))} --shard {number}"

    def shards(self, split: str, input: Iterable[str]) -> str:
        """The shards of a split: a pattern of those made here, or the file that lists them."""
        if self.plan.source.makes_shards:
            total = f"{self.plan.number_of_shards(split):05d}"
            return quoted(self.plan.layout.shard(split, "*", total))
        return option("shards", input)

    def needs_labels(self, split: str) -> str:
        """Refuses a split without labels, where labels are needed."""
        return "--require-labels" if split in self.plan.labelled else ""

    def enough_videos(self, split: str) -> str:
        """Refuses a split to learn from that holds no batch, of the largest."""
        if split != self.plan.train:
            return ""
        models = (self.plan.experiment.models[name] for name in self.plan.models)
        return f"--at-least {max(model.training.batch_size for model in models)}"

    # Models

    def soft_labels(self, model: str, input: Any) -> str:
        """A student's soft labels, and whose they are."""
        teachers = self.plan.teachers_of_model(model)
        fingerprints = [self.plan.layout.fingerprint(teacher) for teacher in teachers]
        found = option("soft-labels", input.soft_labels)
        return f"{found} {option('teacher', fingerprints)}"

    def trained_on(self, model: str) -> str:
        """The manifests that a model learned from."""
        return self._trained_on([model])

    def _trained_on(self, models: Iterable[str]) -> str:
        layout, teachers = self.plan.layout, self.plan.teachers_of(models)
        manifests = [layout.manifest(self.plan.train), *map(layout.distilled, teachers)]
        return option("trained-on", manifests)

    # Ensembles

    def members(self, ensemble: str) -> str:
        """Weight and folder of each member, as the ensemble holds it."""
        return self._with_weights(ensemble, self.plan.member_folders(ensemble))

    def sources(self, ensemble: str) -> str:
        """The same, before they are compressed to fit a budget."""
        return self._with_weights(ensemble, self.plan.source_folders(ensemble))

    def _with_weights(self, ensemble: str, folders: Iterable[str]) -> str:
        members = self.plan.experiment.ensembles[ensemble].members
        weights = [members[name] for name in self.plan.members(ensemble)]
        pairs = zip(weights, folders, strict=True)
        return " ".join(f"--member {weight!r} {quoted(folder)}" for weight, folder in pairs)

    def learned_weights(self, input: Any) -> str:
        """Weights in place of those, where they are learned."""
        return option("weights", input.weights)

    def members_trained_on(self, ensemble: str) -> str:
        """The manifests that an ensemble's members learned from."""
        return self._trained_on(self.plan.members(ensemble))

    def combined_from(self, ensemble: str) -> str:
        """The same with where they lie, and the plan that they are stored by, if there is one."""
        plans = [self.plan.layout.plan(ensemble)] if ensemble in self.plan.compressed else []
        return " ".join([self.members_trained_on(ensemble), self._models, option("plan", plans)])

    def derived_from(self, ensemble: str) -> str:
        """The fingerprint of an ensemble, and what it was made of if that was here."""
        fingerprint = option("fingerprint", self.plan.layout.fingerprint(ensemble))
        imported = ensemble in self.plan.imported
        return fingerprint if imported else f"{fingerprint} {self._models}"

    def teacher_derived_from(self, teacher: str) -> str:
        """The same of a teacher."""
        return self.derived_from(teacher)

    @property
    def _models(self) -> str:
        return option("models", self.plan.layout.models)

    def planned_for(self, ensemble: str) -> str:
        """Whose plan it must be."""
        budget = self.plan.experiment.ensembles[ensemble].budget_bytes
        return f"--ensemble {ensemble} {budget}"

    def budget(self, ensemble: str) -> str:
        """The byte budget, where there is one."""
        budget = self.plan.experiment.ensembles[ensemble].budget_bytes
        return f"--budget {budget}" if budget else ""

    def recovery(self, model: str, input: Any) -> str:
        """What a compressed member is finetuned with."""
        files = f"{option('config', input.config)} {option('records', input.records)}"
        return f"{files} {self.soft_labels(model, input)}"

    def sweep(self, ensemble: str) -> str:
        """Each budget of the report's comparison."""
        return " ".join(f"--share {share!r}" for share in self.plan.compressed[ensemble].sweep)

    def archive(self, input: Any) -> str:
        """What goes into an archive besides the graph."""
        tables = f"{option('metrics', input.metrics)} {option('config', input.configs)}"
        return f"{tables} {self.label_names(input)}"

    # Predictions

    @property
    def inference(self) -> str:
        """What every command that scores a graph takes."""
        inference = self.plan.experiment.inference
        dummies = " --skip-dummies" if inference.skip_dummies else ""
        return f"--batch-size {inference.batch_size} --top-k {inference.top_k}{dummies}"

    def label_names(self, input: Any) -> str:
        """The names of classes in tables, where they are known."""
        return option("label-names", input.names)

    def soft_label_shards(self, teacher: str) -> str:
        """A pattern that matches a teacher's shards and nothing else."""
        return self.plan.layout.distilled_shard(teacher, "*", self.plan.shard_jobs.total)

    def soft_labels_of(self, teacher: str) -> str:
        """Whose predictions soft labels are, and of which videos."""
        layout = self.plan.experiment.distillation.layout
        kind = "full-records" if layout == "full" else "soft-labels"
        records = option(f"{kind}-of", self.plan.layout.manifest(self.plan.train))
        return f"{records} {option('teacher', self.plan.layout.fingerprint(teacher))}"

    def predictions_of(self, ensemble: str, split: str) -> str:
        """Whose predictions they are, and of which split."""
        fingerprint = option("fingerprint", self.plan.layout.fingerprint(ensemble))
        return f"{fingerprint} {option('records', self.plan.layout.manifest(split))}"
