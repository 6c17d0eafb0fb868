"""Options of commands besides settings: present if there is a file, a folder or a name for it."""

import json
import shlex
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from yt8m.own_data.left_out import beside
from yt8m.recipes import as_entry
from yt8m.workflow.layout import STAGES, metric_files
from yt8m.workflow.plan import Plan


def as_json(value: Any) -> str:
    """A value as JSON; equal values give equal texts."""
    return json.dumps(value, sort_keys=True)


def quoted(files: str | Iterable[str]) -> str:
    """One or several paths, quoted for a shell."""
    return " ".join(map(shlex.quote, [files] if isinstance(files, str) else files))


def option(name: str, files: str | Iterable[str]) -> str:
    """An option for each file; empty if there are none."""
    paths = [files] if isinstance(files, str) else files
    return " ".join(f"--{name} {shlex.quote(path)}" for path in paths)


@dataclass(frozen=True)
class Flags:
    """Options of commands, as text for a shell.

    plan: its layout must have a real folder. Methods take the wildcards of a step's outputs, and
        optionally `input`, the step's input files.
    """

    plan: Plan

    # Records

    def source(self, split: str, shard: str) -> str:
        """The part of the source that a shard depends on, and the shard's number in it."""
        source, number = self.plan.source.for_shard(split, int(shard))
        return f"--source {quoted(as_json(as_entry(source)))} --shard {number}"

    def rows(self, split: str, shard: str) -> str:
        """The digest of the rows of a table that a shard must be made from, if there is a table."""
        arrays = self.plan.arrays
        return f"--rows {arrays.rows_state(split, int(shard))}" if arrays else ""

    def projections(self, input: Any) -> str:
        """The file of fitted projections, if any."""
        return option("projections", input.projections)

    def extracted(self, input: Any) -> str:
        """What was found in the videos of a shard, if the source is of videos."""
        return option("extracted", input.extracted)

    def extracted_of(self, split: str) -> str:
        """A pattern of what was found in the videos of a split, if the source is of videos."""
        total = f"{self.plan.number_of_shards(split):05d}"
        return option("extracted", self.plan.extracted(split, "*", total))

    def extracted_of_train(self) -> str:
        """The same of the training split."""
        return self.extracted_of(self.plan.train)

    def compared_videos(self) -> str:
        """Patterns of what was found in the videos of the compared splits, if there are any."""
        if not self.plan.videos:
            return ""
        found = []
        for split in (self.plan.train, *self.plan.evaluated):
            total = f"{self.plan.number_of_shards(split):05d}"
            found += [f"{split}={path}" for path in self.plan.extracted(split, "*", total)]
        return option("extracted", found)

    def videos(self, split: str, shard: str) -> str:
        """The number of a shard, and the digest of the rows whose videos are extracted."""
        rows = self.plan.videos.videos_state(split, int(shard))
        return f"--shard {int(shard)} --rows {rows}"

    def fit_rows(self) -> str:
        """The digest of the settings and rows that projections must be fitted on."""
        max_frames = self.plan.experiment.dataset.max_frames
        return f"--rows {self.plan.arrays.fit_state(self.plan.train, max_frames)}"

    def left_out(self) -> str:
        """Patterns of the tables of videos that are left out; the files can be too many."""
        shards = (self._pattern(split) for split in self.plan.splits)
        return quoted(map(beside, shards))

    def arrays(self) -> str:
        """The whole source, if it is one of arrays."""
        return f"--source {quoted(as_json(as_entry(self.plan.arrays)))}"

    def shards(self, split: str, input: Iterable[str]) -> str:
        """The shards of a split: a pattern for those made by this run, or the file listing them."""
        if self.plan.source.makes_shards:
            return quoted(self._pattern(split))
        return option("shards", input)

    def _pattern(self, split: str) -> str:
        """Matches exactly the shards of a split that this run makes."""
        total = f"{self.plan.number_of_shards(split):05d}"
        return self.plan.layout.shard(split, "*", total)

    def needs_labels(self, split: str) -> str:
        """Refuse a split without labels if labels are needed."""
        return "--require-labels" if split in self.plan.labelled else ""

    def enough_videos(self, split: str) -> str:
        """Refuse a training split that is smaller than the largest batch."""
        if split != self.plan.train:
            return ""
        models = (self.plan.experiment.models[name] for name in self.plan.models)
        return f"--at-least {max(model.training.batch_size for model in models)}"

    # Models

    def soft_labels(self, model: str, input: Any) -> str:
        """A student's soft labels, and the fingerprint of its teacher."""
        teachers = self.plan.teachers_of_model(model)
        fingerprints = [self.plan.layout.fingerprint(teacher) for teacher in teachers]
        found = option("soft-labels", input.soft_labels)
        return f"{found} {option('teacher', fingerprints)}"

    def together(self, step: str, model: str, waiting: Collection[str]) -> str:
        """Options with which a model trains in one process with others; empty if each has its own.

        step: `train` or `ema`. waiting: models for which this step could begin, but for want of a
            free place.
        """
        most = self.plan.experiment.resources.train.together
        if most == 1:
            return ""
        others = [name for name in self.plan.fellows(model) if name in waiting][: most - 1]
        ahead = (f"--ahead {quoted(self._files_of(step, name))}" for name in others)
        return " ".join(["--together", *ahead])

    def evaluated_together(
        self, model: str, stage: str, split: str, waiting: Collection[tuple[str, str]]
    ) -> str:
        """Options with which a stage is evaluated in one process with others, as above.

        waiting: model and stage of evaluations on this split that could begin, but for want of a
            free place.
        """
        most = self.plan.experiment.resources.infer.together
        if most == 1:
            return ""
        every = [(name, word) for name in self.plan.experiment.models for word in STAGES]
        place = every.index((model, stage))
        others = [pair for pair in every[place + 1 :] + every[:place] if pair in waiting]
        ahead = (f"--ahead {quoted(self._evaluation(*pair, split))}" for pair in others[: most - 1])
        own = self._evaluation(model, stage, split)[-1]
        return " ".join([option("together", own), *ahead])

    def _evaluation(self, model: str, stage: str, split: str) -> tuple[str, str, str]:
        """What `--ahead` takes of an evaluation: GRAPH, OUT and STATE."""
        layout = self.plan.layout
        graph = layout.stage(model, stage)
        state = layout.state("evaluate", f"{model}-{stage}-{split}")
        return graph, metric_files(graph, split)["metrics"], state

    def _files_of(self, step: str, model: str) -> list[str]:
        """What `--ahead` takes of a model: CONFIG, for `ema` SOURCE, OUT, STATE and TENSORBOARD."""
        layout, stage = self.plan.layout, {"train": "trained", "ema": "ema"}[step]
        source = [layout.weights(model, "trained")] if step == "ema" else []
        made = (layout.stage(model, stage), layout.state(step, model))
        return [layout.config(model, f"{stage}/"), *source, *made, layout.tensorboard(model, stage)]

    def validation(self, input: Any) -> str:
        """The records that a model is validated on while it trains, if any."""
        return option("validate", input.validation)

    def trained_on(self, model: str) -> str:
        """The manifests that a model was trained and validated on."""
        return self._trained_on([model])

    def _trained_on(self, models: Iterable[str]) -> str:
        layout, models = self.plan.layout, list(models)
        validated = {split for model in models for split in self.plan.validation_split(model)}
        manifests = [
            layout.manifest(self.plan.train),
            *map(layout.distilled, self.plan.teachers_of(models)),
            *map(layout.manifest, sorted(validated)),
        ]
        return option("trained-on", manifests)

    # Ensembles

    def members(self, ensemble: str) -> str:
        """Weight and folder of each member, at the stage in the ensemble."""
        return self._with_weights(ensemble, self.plan.member_folders(ensemble))

    def sources(self, ensemble: str) -> str:
        """Weight and folder of each member before compression."""
        return self._with_weights(ensemble, self.plan.source_folders(ensemble))

    def _with_weights(self, ensemble: str, folders: Iterable[str]) -> str:
        shares = self.plan.member_shares(ensemble)
        weights = [shares[name] for name in self.plan.members(ensemble)]
        pairs = zip(weights, folders, strict=True)
        return " ".join(f"--member {weight!r} {quoted(folder)}" for weight, folder in pairs)

    def candidates(self, ensemble: str) -> str:
        """The candidates for an ensemble, and what they are compared by."""
        plan, best = self.plan, self.plan.chosen[ensemble]
        files = zip(plan.candidate_folders(ensemble), plan.candidate_metrics(ensemble), strict=True)
        given = " ".join(f"--candidate {quoted(pair)}" for pair in files)
        return f"{given} --by {best.by} --count {best.count}"

    def learned_weights(self, input: Any) -> str:
        """The learned weights that replace those of `members`, if any."""
        return option("weights", input.weights)

    def preprocessing(self, input: Any) -> str:
        """What made the records, and the names of their classes, if the source is of arrays."""
        extraction = option("extraction", input.extraction)
        return (
            f"{self.projections(input)} {extraction} {option('label-names', input.names)}".strip()
        )

    def raw(self, ensemble: str) -> str:
        """Whether the graph leaves out projections that it could contain."""
        kept = self.plan.experiment.ensembles[ensemble].raw or not self.plan.arrays
        return "" if kept else "--no-raw"

    def members_trained_on(self, ensemble: str) -> str:
        """The manifests that an ensemble's members were trained on."""
        return self._trained_on(self.plan.members(ensemble))

    def candidates_trained_on(self, ensemble: str) -> str:
        """The manifests that the candidates for an ensemble were trained on."""
        return self._trained_on(self.plan.candidates(ensemble))

    def combined_from(self, ensemble: str) -> str:
        """What to check members by: manifests, the folder of models, the compression plan."""
        plans = [self.plan.layout.plan(ensemble)] if ensemble in self.plan.compressed else []
        return " ".join([self.members_trained_on(ensemble), self._models, option("plan", plans)])

    def derived_from(self, ensemble: str) -> str:
        """An ensemble's fingerprint, and the folder of models unless it is imported."""
        fingerprint = option("fingerprint", self.plan.layout.fingerprint(ensemble))
        imported = ensemble in self.plan.imported
        return fingerprint if imported else f"{fingerprint} {self._models}"

    def teacher_derived_from(self, teacher: str) -> str:
        """The same for a teacher."""
        return self.derived_from(teacher)

    @property
    def _models(self) -> str:
        return option("models", self.plan.layout.models)

    def planned_for(self, ensemble: str) -> str:
        """The ensemble that a plan must be for."""
        budget = self.plan.experiment.ensembles[ensemble].budget_bytes
        return f"--ensemble {ensemble} {budget}"

    def budget(self, ensemble: str) -> str:
        """The byte budget, if any."""
        budget = self.plan.experiment.ensembles[ensemble].budget_bytes
        return f"--budget {budget}" if budget else ""

    def recovery(self, model: str, input: Any) -> str:
        """The inputs for the recovery of a compressed member."""
        files = f"{option('config', input.config)} {option('records', input.records)}"
        return f"{files} {self.soft_labels(model, input)}"

    def sweep(self, ensemble: str) -> str:
        """The budgets of the report's comparison."""
        return " ".join(f"--share {share!r}" for share in self.plan.compressed[ensemble].sweep)

    def archive(self, input: Any) -> str:
        """The content of an archive besides the graph."""
        tables = f"{option('metrics', input.metrics)} {option('config', input.configs)}"
        return f"{tables} {self.label_names(input)} {self._thresholds(input.thresholds)}"

    def _thresholds(self, files: Sequence[str]) -> str:
        names = ("thresholds", "calibration")
        return " ".join(option(name, file) for name, file in zip(names, files, strict=False))

    # Predictions

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
        found = self.plan.experiment.run.confidence
        return (
            f"--split {self.plan.shown} --resamples {found.resamples} --level {found.level!r}"
            f" --seed {found.seed}"
        )

    def decided_from(self, ensemble: str) -> str:
        """The ensemble and the records that scores must belong to."""
        return self.predictions_of(ensemble, self.plan.decided)

    def label_names(self, input: Any) -> str:
        """The file with the names of classes, if any."""
        return option("label-names", input.names)

    def soft_label_shards(self, teacher: str) -> str:
        """A pattern that matches exactly a teacher's shards."""
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
