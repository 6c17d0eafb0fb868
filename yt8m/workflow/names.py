"""Which models, ensembles and splits a run makes, by their names in the config."""

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

    def fellows(self, model: str) -> list[str]:
        """Other models of the config that learn from and are validated on the same records.

        In its order, beginning after this one.
        """

        def records(name: str) -> list[str]:
            return [*self.teachers_of_model(name), "", *self.validation_split(name)]

        names = list(self.experiment.models)
        place = names.index(model)
        others = names[place + 1 :] + names[:place]
        return [name for name in others if records(name) == records(model)]

    def teachers_of_members(self, ensemble: str) -> list[str]:
        """The teachers of an ensemble's members, or of its candidates if they are chosen."""
        return self.teachers_of(self.candidates(ensemble))

    # Splits

    @property
    def train(self) -> str:
        """The training split."""
        return self.experiment.run.train

    @cached_property
    def calibration_splits(self) -> set[str]:
        """Splits on which members' weights are learned or compression plans are made."""
        made = {self.compressed[n].split for n in self.ensembles if n in self.compressed}
        planned = {self.experiment.frontier.compress.split} if self.frontier_models else set()
        return self._learning_splits | made | planned

    @cached_property
    def _learning_splits(self) -> set[str]:
        return {self.learning[name].split for name in self.ensembles if name in self.learning}

    def validation_split(self, model: str) -> list[str]:
        """The split that a model is validated on while it trains, if any."""
        validate = self.experiment.models[model].training.validate
        return [validate.split or self.experiment.run.held_out] if validate else []

    @cached_property
    def _validation_splits(self) -> set[str]:
        return {split for model in self.models for split in self.validation_split(model)}

    @cached_property
    def _guiding_splits(self) -> set[str]:
        """Splits whose labels guide a compression plan."""
        made = [self.compressed[n] for n in self.ensembles if n in self.compressed]
        made += [self.experiment.frontier.compress] if self.frontier_models else []
        return {settings.split for settings in made if settings.guide == "labels"}

    @cached_property
    def frontier_models(self) -> list[str]:
        """Models that are stored in several ways and evaluated."""
        return self.experiment.frontier_models()

    @cached_property
    def frontier_split(self) -> str:
        """The split on which they are evaluated."""
        return self.experiment.frontier.split or self.experiment.run.evaluate[0]

    @cached_property
    def _frontier_splits(self) -> set[str]:
        return {self.frontier_split} if self.frontier_models else set()

    @cached_property
    def _measured_splits(self) -> set[str]:
        return self.calibration_splits | self._validation_splits | self._frontier_splits

    @cached_property
    def splits(self) -> list[str]:
        """All splits that this run reads."""
        run = self.experiment.run
        named = {run.train, *run.evaluate, *run.predict}
        return sorted(named | self._measured_splits)

    @cached_property
    def labelled(self) -> set[str]:
        """Splits that must have labels."""
        run = self.experiment.run
        named = {run.train, *run.evaluate} | self._validation_splits | self._frontier_splits
        return named | self._learning_splits | self._guiding_splits

    @property
    def decided(self) -> str | None:
        """The split that thresholds are chosen on; None if only the training split is evaluated."""
        return self.experiment.run.decided

    @property
    def shown(self) -> str:
        """The evaluated split that the report's figures show."""
        return self.experiment.run.evaluate[0]

    def chosen_on(self, ensemble: str) -> str:
        """The split on which an ensemble's members are chosen."""
        return self.chosen[ensemble].split or self.experiment.run.held_out

    @cached_property
    def evaluated(self) -> list[str]:
        """Splits on which something is measured, besides the training split."""
        return sorted({*self.experiment.run.evaluate, *self._measured_splits} - {self.train})

    # Everything

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
