"""Which splits a run reads and what for, by their names in the config."""

from dataclasses import dataclass
from functools import cached_property

from yt8m.workflow.names import Names


@dataclass(frozen=True)
class Splits(Names):
    """The splits of an experiment, by their roles; the training split is `train`."""

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
        return [self.experiment.run.validated_on(validate)] if validate else []

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
