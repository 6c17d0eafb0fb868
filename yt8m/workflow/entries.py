"""The settings that each step depends on, as JSON for command lines and to detect changes."""

from dataclasses import dataclass

from yt8m.config.experiment import Experiment, whole_entry
from yt8m.recipes import as_entry
from yt8m.workflow.plan import Plan
from yt8m.workflow.shell import as_json


@dataclass(frozen=True)
class Entries:
    """Parts of an experiment as JSON, by the step that depends on them."""

    plan: Plan

    @property
    def _experiment(self) -> Experiment:
        return self.plan.experiment

    def model(self, model: str, part: str) -> str:
        """The content of a model's config.json.

        part: `<stage>/` for only those settings that a stage depends on, so that a change of the
            quantiser does not run training again; empty for the whole entry.
        """
        return as_json(self._experiment.models[model].entry(part.removesuffix("/") or "quantised"))

    def schema(self) -> str:
        """The schema of the records."""
        return as_json(self._experiment.dataset.schema.as_json())

    def whole(self) -> str:
        """All settings that results depend on."""
        return as_json(whole_entry(self._experiment))

    def made(self) -> str:
        """The names of what a run makes."""
        return as_json(self.plan.facts().as_json())

    def title(self) -> str:
        """Title of the report; not in `run.json`, so that a change makes only the report again."""
        return self._experiment.title

    def card(self) -> str:
        """The model card's settings."""
        return as_json(as_entry(self._experiment.card))

    def weight_learning(self, ensemble: str) -> str:
        """How an ensemble learns its weights."""
        return as_json(as_entry(self.plan.learning[ensemble]))

    def compression(self, ensemble: str) -> str:
        """The settings that an ensemble's compression plan depends on."""
        entry = as_entry(self.plan.compressed[ensemble])
        words = ("quantisers", "min_elements", "videos", "guide")
        return as_json({word: entry[word] for word in words})

    def frontier(self) -> str:
        """How each model of the frontier is stored; which models these are does not matter."""
        entry = as_entry(self._experiment.frontier)
        return as_json({word: entry[word] for word in ("quantisers", "budgets", "compress")})

    def recovery(self, ensemble: str) -> str:
        """How the compressed members of an ensemble are fine-tuned."""
        return as_json(as_entry(self.plan.compressed[ensemble].recovery))

    def decode(self, ensemble: str) -> str:
        """When an ensemble's graph decodes variables: affects its files, not its predictions."""
        return self._experiment.ensembles[ensemble].decode

    # How to treat suspicious records

    def checks(self, split: str) -> str:
        """Checks of a split; repeated videos only warn in the training split."""
        return self.training_checks() if split == self.plan.train else self.all_checks()

    def all_checks(self) -> str:
        """Checks of the splits for evaluation."""
        return as_json(as_entry(self._experiment.dataset.checks))

    def training_checks(self) -> str:
        """Checks of the training split."""
        return as_json({**as_entry(self._experiment.dataset.checks), "duplicates": "warn"})
