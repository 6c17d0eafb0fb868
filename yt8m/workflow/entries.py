"""The settings that each step depends on, as JSON for a command line, and for telling changes."""

from dataclasses import dataclass

from yt8m.config.experiment import Experiment, whole_entry
from yt8m.recipes import as_entry
from yt8m.workflow.flags import as_json
from yt8m.workflow.plan import Plan


@dataclass(frozen=True)
class Entries:
    """Parts of an experiment as JSON, by the names of what depends on them."""

    plan: Plan

    @property
    def _experiment(self) -> Experiment:
        return self.plan.experiment

    def model(self, model: str, part: str) -> str:
        """The content of a model's config.json.

        part: `<stage>/` for the words that a stage depends on and no others, so that another
        quantiser trains nothing; empty for the whole entry.
        """
        return as_json(self._experiment.models[model].entry(part.removesuffix("/") or "quantised"))

    def schema(self) -> str:
        """What each record holds."""
        return as_json(self._experiment.dataset.schema.as_json())

    def whole(self) -> str:
        """All that results depend on."""
        return as_json(whole_entry(self._experiment))

    def made(self) -> str:
        """The names of what a run makes."""
        return as_json(self.plan.facts().as_json())

    def title(self) -> str:
        """Of the report; not in `run.json`, so that another one is another page and no more."""
        return self._experiment.title

    def card(self) -> str:
        """What an archive says about its weights."""
        return as_json(as_entry(self._experiment.card))

    def weight_learning(self, ensemble: str) -> str:
        """How an ensemble learns its weights."""
        return as_json(as_entry(self.plan.learning[ensemble]))

    def compression(self, ensemble: str) -> str:
        """What the plan of an ensemble depends on."""
        entry = as_entry(self.plan.compressed[ensemble])
        return as_json({word: entry[word] for word in ("quantisers", "min_elements", "videos")})

    def recovery(self, ensemble: str) -> str:
        """How the compressed members of an ensemble are finetuned."""
        return as_json(as_entry(self.plan.compressed[ensemble].recovery))

    def decode(self, ensemble: str) -> str:
        """When the graph of an ensemble decodes its codes: shapes its files, not predictions."""
        return self._experiment.ensembles[ensemble].decode

    # What becomes of doubtful records

    def checks(self, split: str) -> str:
        """Of a split; to learn from a video twice may be meant."""
        return self.training_checks() if split == self.plan.train else self.all_checks()

    def all_checks(self) -> str:
        """Of splits that are scored."""
        return as_json(as_entry(self._experiment.dataset.checks))

    def training_checks(self) -> str:
        """Of what is learned from."""
        return as_json({**as_entry(self._experiment.dataset.checks), "duplicates": "warn"})
