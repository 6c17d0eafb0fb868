"""Options of commands besides settings: present if there is a file, a folder or a name for it."""

from dataclasses import dataclass
from typing import Any

from yt8m.workflow.ensemble_flags import EnsembleFlags
from yt8m.workflow.layout import evaluated_part
from yt8m.workflow.model_flags import ModelFlags
from yt8m.workflow.record_flags import RecordFlags
from yt8m.workflow.shell import option, quoted


@dataclass(frozen=True)
class Flags(RecordFlags, ModelFlags, EnsembleFlags):
    """Options of commands, as text for a shell.

    plan: its layout must have a real folder. Methods take the wildcards of a step's outputs, and
        optionally `input`, the step's input files.
    """

    @property
    def inference(self) -> str:
        """Options of every command that predicts with a graph."""
        inference = self.plan.experiment.inference
        dummies = " --skip-dummies" if inference.skip_dummies else ""
        return f"--batch-size {inference.batch_size} --top-k {inference.top_k}{dummies}"

    def observed(self, ensemble: str, split: str) -> str:
        """Where to write what only the evaluation of an ensemble collects."""
        layout = self.plan.layout
        return " ".join(
            [
                option("scores-out", layout.scores(ensemble, split)),
                option("mistakes-out", layout.mistakes(ensemble, split)),
                option("confusions-out", layout.confusions(ensemble, split)),
            ]
        )

    def inferred_part(self, split: str, shard: str) -> str:
        """A part of a split that is evaluated or predicted."""
        return self.plan.inference_parts(split).as_option(shard)

    def evaluated_parts(self, model: str, stage: str, split: str) -> str:
        """A pattern of what evaluations of parts have collected, of a stage of a model."""
        return self._evaluated_parts(self.plan.layout.stage(model, stage), split)

    def evaluated_parts_of(self, ensemble: str, split: str) -> str:
        """The same of an ensemble."""
        return self._evaluated_parts(self.plan.layout.ensemble(ensemble), split)

    def _evaluated_parts(self, folder: str, split: str) -> str:
        return evaluated_part(folder, split, "*", self.plan.inference_parts(split).total)

    def predicted_parts(self, ensemble: str, split: str) -> str:
        """A pattern of an ensemble's predictions of the parts of a split."""
        total = self.plan.inference_parts(split).total
        return self.plan.layout.predicted_part(ensemble, split, "*", total)

    def of_split(self, split: str) -> str:
        """The records that parts must belong to."""
        return option("records", self.plan.layout.manifest(split))

    def class_gains(self) -> str:
        """Where to write what each stage changed for each class, if it is known."""
        return option("class-gains-out", self.plan.class_gains(self.plan.final))

    @property
    def decision(self) -> str:
        """How thresholds are chosen."""
        decide = self.plan.experiment.run.decide
        precision = f" --precision {decide.precision!r}" if decide.precision else ""
        return f"--min-positives {decide.min_positives}{precision}"

    @property
    def confidence(self) -> str:
        """The split whose videos are resampled, and how."""
        return f"--split {self.plan.shown} {self.resampling}"

    @property
    def resampling(self) -> str:
        """How videos are resampled for confidence intervals."""
        found = self.plan.experiment.run.confidence
        return f"--resamples {found.resamples} --level {found.level!r} --seed {found.seed}"

    def decided_from(self, ensemble: str) -> str:
        """The ensemble and the records that scores must belong to."""
        return self.predictions_of(ensemble, self.plan.decided)

    def label_names(self, input: Any) -> str:
        """The file with the names of classes, if any."""
        return option("label-names", input.names)

    def soft_label_shards(self, teacher: str) -> str:
        """What the manifest of a teacher's soft labels is made from, as for `shards`."""
        if parts := self.plan.soft_label_parts:
            return option("parts", self.plan.layout.surveyed_soft_labels(teacher, "*", parts.total))
        return quoted(self._soft_label_pattern(teacher))

    def soft_label_part(self, teacher: str, shard: str) -> str:
        """A part of a teacher's soft labels, its shards, and of which kind they are."""
        parts = self.plan.soft_label_parts
        full = self.plan.experiment.distillation.layout == "full"
        found = [quoted(self._soft_label_pattern(teacher)), parts.numbers_option(shard)]
        return " ".join([*found, parts.as_option(shard), *([] if full else ["--soft-labels"])])

    def _soft_label_pattern(self, teacher: str) -> str:
        """Matches exactly a teacher's shards."""
        return self.plan.layout.distilled_shard(teacher, "*", self.plan.shard_jobs.total)

    def soft_labels_of(self, teacher: str) -> str:
        """The teacher and the source records that soft labels must belong to."""
        layout = self.plan.experiment.distillation.layout
        kind = "full-records" if layout == "full" else "soft-labels"
        records = option(f"{kind}-of", self.plan.layout.manifest(self.plan.train))
        return f"{records} {option('teacher', self.plan.layout.fingerprint(teacher))}"

    def predictions_of(self, ensemble: str, split: str) -> str:
        """The ensemble and the split that predictions must belong to."""
        fingerprint = option("fingerprint", self.plan.layout.fingerprint(ensemble))
        return f"{fingerprint} {option('records', self.plan.layout.manifest(split))}"
