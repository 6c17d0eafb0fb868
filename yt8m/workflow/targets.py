"""The files of each target, and all files that the report reads."""

from collections.abc import Iterable
from dataclasses import dataclass

from yt8m.workflow.layout import FITTED, STAGES, metric_files
from yt8m.workflow.plan import Plan
from yt8m.workflow.record_files import Undated, digests


@dataclass(frozen=True)
class Targets:
    """Files of whole parts of the workflow."""

    plan: Plan

    @property
    def manifests(self) -> list[str]:
        """The manifests of all splits."""
        return [self.plan.layout.manifest(split) for split in self.plan.splits]

    @property
    def left_out(self) -> list[str]:
        """The table of the videos that are left out, if the source is of arrays."""
        return [self.plan.layout.left_out] if self.plan.arrays else []

    @property
    def teacher_members(self) -> list[str]:
        """The weights of the teachers' members, or of the candidates if members are chosen."""
        teachers = self.plan.teachers
        return [w for teacher in teachers for w in self.plan.candidate_weights(teacher)]

    @property
    def fingerprints(self) -> list[str]:
        """The fingerprints of the teachers."""
        return [self.plan.layout.fingerprint(teacher) for teacher in self.plan.teachers]

    def soft_labels(self) -> list[str]:
        """The teachers' manifests, and their shards, so that a missing shard is made again."""
        shards = [s for t in self.plan.teachers for s in self.plan.soft_label_shards(t)]
        return [*self._soft_label_manifests, *shards]

    @property
    def students(self) -> list[str]:
        """The students' quantised weights."""
        return [self.plan.layout.quantised(model)["weights"] for model in self.plan.students]

    @property
    def final_files(self) -> list[str]:
        """The final ensemble's graph, size, archive and metrics."""
        plan, final = self.plan, self.plan.final
        layout = plan.layout
        made = [layout.size(final), layout.archive(final), layout.model_card(final)]
        return made + self.metrics_of_ensemble(final)

    @property
    def frontier(self) -> list[str]:
        """The table of all sizes, if there are models to compare."""
        return [self.plan.layout.frontier] if self.plan.frontier_models else []

    @property
    def predictions(self) -> list[str]:
        """Predictions of the final ensemble."""
        splits, endings = self.plan.experiment.run.predict, ("parquet", "csv")
        return [
            self.plan.layout.predictions(self.plan.final, split, ending)
            for split in splits
            for ending in endings
        ]

    def stage_metrics(self, models: Iterable[str]) -> list[str]:
        """The metrics of models at all stages."""
        folders = (self.plan.layout.stage(m, stage) for m in models for stage in STAGES)
        return [path for folder in folders for path in self._metrics(folder)]

    def metrics_of_ensemble(self, ensemble: str) -> list[str]:
        """The metrics of an ensemble."""
        return self._metrics(self.plan.layout.ensemble(ensemble))

    def ensemble_metrics(self, ensembles: Iterable[str]) -> list[str]:
        """The metrics of several ensembles."""
        return [path for name in ensembles for path in self.metrics_of_ensemble(name)]

    def _metrics(self, folder: str) -> list[str]:
        return [
            metric_files(folder, split)["metrics"] for split in self.plan.experiment.run.evaluate
        ]

    @property
    def metrics_after_teachers(self) -> list[str]:
        """The metrics of students and of teachers."""
        return self.stage_metrics(self.plan.students) + self.ensemble_metrics(self.plan.teachers)

    @property
    def weights_and_graphs(self) -> list[str]:
        """Everything whose inputs are settings, seeds and sources."""
        layout = self.plan.layout
        weights = [layout.weights(m, stage) for m in self.plan.models for stage in STAGES]
        return weights + [layout.description(ensemble) for ensemble in self.plan.ensembles]

    @property
    def _soft_label_manifests(self) -> list[str]:
        return [self.plan.soft_label_manifest(teacher) for teacher in self.plan.teachers]

    def reported(self) -> dict[str, str | list[str]]:
        """Everything that the report reads, by type."""
        plan, layout = self.plan, self.plan.layout
        manifests = [plan.records(split) for split in plan.splits]
        return {
            "metrics": self.stage_metrics(plan.models) + self.ensemble_metrics(plan.ensembles),
            "classes": self._classes(),
            "confidence": layout.resamples(plan.shown),
            "weights_and_graphs": self.weights_and_graphs,
            "run": layout.run,
            "left_out": [Undated(path) for path in self.left_out],  # it follows from manifests
            "distilled": self._soft_label_manifests,
            "histories": [layout.fitted(m, s)["history"] for m in plan.models for s in FITTED],
            "choices": plan.choices(plan.ensembles),
            "weights": [path for name in plan.ensembles for path in plan.learned_weights(name)],
            "sizes": [layout.size(name) for name in plan.ensembles],
            "plans": [layout.plan(name) for name in plan.ensembles if name in plan.compressed],
            "sweeps": self._sweeps(),
            "frontier": self.frontier,
            "thresholds": plan.thresholds(plan.final),
            "thumbnails": plan.thumbnails(plan.final),
            "errors": plan.errors(plan.final),
            "stage_sizes": [layout.quantised(model)["sizes"] for model in plan.models],
            "configs": [layout.config(model) for model in plan.models],
            "manifests": manifests,
            "digests": digests([*manifests, *self._soft_label_manifests]),
        }

    def _classes(self) -> list[str]:
        """The tables of classes of all graphs: on the split that the figures show, and on the one
        whose errors are shown.
        """
        splits = dict.fromkeys(filter(None, (self.plan.shown, self.plan.experiment.run.held_out)))
        return [path for split in splits for path in self._of_graphs("classes", split)]

    def resampled(self) -> dict[str, str | list[str]]:
        """What confidence intervals are computed from: the videos of all graphs."""
        videos = self._of_graphs("videos", self.plan.shown)
        # Dated: behind an undated input that is to be made, Snakemake looks at no other reason.
        return {"videos": videos, "run": self.plan.layout.run}

    def compared(self) -> dict[str, str | list[str]]:
        """What the comparison of all graphs reads."""
        plan, layout = self.plan, self.plan.layout
        return {
            "metrics": self._of_graphs("metrics", plan.shown),
            "confidence": layout.resamples(plan.shown),
            "histories": [layout.fitted(m, s)["history"] for m in plan.models for s in FITTED],
            "sizes": [layout.size(name) for name in plan.ensembles],
            "configs": [layout.config(model) for model in plan.models],
            "run": layout.run,
        }

    def _of_graphs(self, kind: str, split: str) -> list[str]:
        """A file of all ensembles, and of models at all stages, on a split."""
        plan = self.plan
        folders = [plan.layout.ensemble(name) for name in plan.ensembles]
        folders += [plan.layout.stage(m, stage) for m in plan.models for stage in STAGES]
        return [metric_files(folder, split)[kind] for folder in folders]

    def _sweeps(self) -> list[str]:
        plan, first = self.plan, self.plan.shown
        swept = [n for n in plan.ensembles if n in plan.compressed and plan.compressed[n].sweep]
        return [plan.layout.sweep(name, first) for name in swept]
