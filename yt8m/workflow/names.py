"""Which models and ensembles a run makes, by their names in the config."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from yt8m.config.best import Best
from yt8m.config.compression import Compression
from yt8m.config.ensembles import WeightLearning
from yt8m.config.experiment import Experiment
from yt8m.workflow.facts import Facts


@dataclass(frozen=True)
class Names:
    """The names in an experiment, by their roles."""

    experiment: Experiment

    @cached_property
    def models(self) -> list[str]:
        """Models that this run makes."""
        return list(self.experiment.made_models())

    @cached_property
    def students(self) -> list[str]:
        """Models of this run that are students."""
        return [name for name in self.models if self.teachers_of_model(name)]

    @cached_property
    def models_without_teacher(self) -> list[str]:
        """Models of this run without a teacher."""
        return [name for name in self.models if name not in self.students]

    @cached_property
    def ensembles(self) -> list[str]:
        """Ensembles that this run makes or imports."""
        return list(self.experiment.made_ensembles())

    @cached_property
    def imported(self) -> list[str]:
        """Ensembles that are imported from other runs."""
        return [name for name in self.ensembles if self.experiment.ensembles[name].is_imported]

    @cached_property
    def combined(self) -> list[str]:
        """Ensembles of the config that are made of models."""
        return [name for name, e in self.experiment.ensembles.items() if not e.is_imported]

    @cached_property
    def chosen(self) -> Mapping[str, Best]:
        """Ensembles of the config whose members are chosen, and how."""
        return {name: e.best for name, e in self.experiment.ensembles.items() if e.best}

    @cached_property
    def compressed(self) -> Mapping[str, Compression]:
        """Ensembles of the config whose members are compressed, with their settings."""
        return {n: e.compress for n, e in self.experiment.ensembles.items() if e.compress}

    @cached_property
    def learning(self) -> Mapping[str, WeightLearning]:
        """Ensembles of the config whose weights are learned, with their settings."""
        return {n: e.learn for n, e in self.experiment.ensembles.items() if e.learn}

    @cached_property
    def teachers(self) -> list[str]:
        """Ensembles that students of this run learn from."""
        return self.experiment.teachers()

    @property
    def final(self) -> str:
        """The ensemble to deliver."""
        return self.experiment.run.final

    def candidates(self, ensemble: str) -> list[str]:
        """The models that can be in an ensemble, sorted; empty for an imported ensemble."""
        return sorted(self.experiment.ensembles[ensemble].candidates)

    def teachers_of(self, models: Iterable[str]) -> list[str]:
        """Teachers of any of these models."""
        entries = (self.experiment.models[model] for model in models)
        return sorted({entry.teacher for entry in entries if entry.teacher})

    def teachers_of_model(self, model: str) -> list[str]:
        """The teacher of a student; empty for other models."""
        return self.teachers_of([model])

    def teachers_of_members(self, ensemble: str) -> list[str]:
        """The teachers of an ensemble's members, or of its candidates if they are chosen."""
        return self.teachers_of(self.candidates(ensemble))

    @property
    def train(self) -> str:
        """The training split."""
        return self.experiment.run.train

    def facts(self) -> Facts:
        """The names as facts, which do not depend on the order of the config's mappings."""
        return Facts(
            final=self.final,
            train=self.train,
            evaluate=tuple(self.experiment.run.evaluate),
            models=tuple(sorted(self.models)),
            ensembles=tuple(sorted(self.ensembles)),
            imported=tuple(sorted(self.imported)),
            learning=tuple(sorted(name for name in self.ensembles if name in self.learning)),
            chosen=tuple(sorted(name for name in self.ensembles if name in self.chosen)),
        )
