"""Options of the commands that make, compress and deliver ensembles."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from yt8m.workflow.model_flags import trained_on
from yt8m.workflow.plan import Plan
from yt8m.workflow.shell import option, quoted


@dataclass(frozen=True)
class EnsembleFlags:
    """plan: as for `flags.Flags`."""

    plan: Plan

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
        files = {
            "projections": input.projections,
            "extraction": input.extraction,
            "label-names": input.names,
        }
        return " ".join(option(name, file) for name, file in files.items()).strip()

    def raw(self, ensemble: str) -> str:
        """Whether the graph leaves out projections that it could contain."""
        kept = self.plan.experiment.ensembles[ensemble].raw or not self.plan.arrays
        return "" if kept else "--no-raw"

    def members_trained_on(self, ensemble: str) -> str:
        """The manifests that an ensemble's members were trained on."""
        return trained_on(self.plan, self.plan.members(ensemble))

    def candidates_trained_on(self, ensemble: str) -> str:
        """The manifests that the candidates for an ensemble were trained on."""
        return trained_on(self.plan, self.plan.candidates(ensemble))

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

    def sweep(self, ensemble: str) -> str:
        """The budgets of the report's comparison."""
        return " ".join(f"--share {share!r}" for share in self.plan.compressed[ensemble].sweep)

    def archive(self, input: Any) -> str:
        """The content of an archive besides the graph."""
        tables = f"{option('metrics', input.metrics)} {option('config', input.configs)}"
        names = option("label-names", input.names)
        return f"{tables} {names} {self._thresholds(input.thresholds)}"

    def _thresholds(self, files: Sequence[str]) -> str:
        names = ("thresholds", "calibration")
        return " ".join(option(name, file) for name, file in zip(names, files, strict=False))
