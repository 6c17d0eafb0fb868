"""Validation during a phase: when it is due, which weights it keeps, and when it stops training."""

import warnings
from collections.abc import Mapping, Sequence

import numpy as np

from yt8m.config.validation import Validation
from yt8m.training.inference import Inference
from yt8m.training.measurements import best_row, misses
from yt8m.training.step import TrainingStep
from yt8m.training.task import Measuring


class Validator:
    """Measures a step's model on a sample.

    It keeps no count of its own: what to keep and when to stop follow from the rows of the training
    history, so an interrupted phase decides the same.
    """

    def __init__(
        self, settings: Validation, sample: Measuring, step: TrainingStep, epoch: int, total: int
    ):
        """epoch, total: steps of an epoch and of the phase."""
        self._settings, self._sample, self._total = settings, sample, total
        self._inference = Inference(step)
        self._interval = interval(settings, epoch)
        if self._interval > total:
            warnings.warn(
                f"training.validate: measures every {self._interval} steps, but there are only "
                f"{total}, so only the last is measured. Lower `every` or `every_epochs`.",
                stacklevel=3,
            )

    def is_due(self, done: int) -> bool:
        """Whether to measure after so many steps."""
        return done % self._interval == 0 or done == self._total

    def measure(self) -> dict[str, float]:
        """The columns of a row of the training history."""
        return self._sample.measure(self._inference)

    def is_over(self, rows: Sequence[Mapping]) -> bool:
        """Whether patience is at its end."""
        patience = self._settings.patience
        return patience is not None and misses(rows) >= patience

    def is_to_keep(self, rows: Sequence[Mapping]) -> bool:
        """Whether the last row is the best so far, and the best is to be kept."""
        return self._settings.keep == "best" and best_row(rows) is rows[-1]

    def kept(self, rows: Sequence[Mapping]) -> Mapping:
        """The row of the weights that the phase results in."""
        return best_row(rows) if self._settings.keep == "best" else rows[-1]


def interval(settings: Validation, epoch: int) -> int:
    """Steps between two measurements, 1 or more. epoch: steps of an epoch."""
    if settings.every is not None:
        return settings.every
    epochs = 1.0 if settings.every_epochs is None else settings.every_epochs
    return max(1, round(epochs * epoch))


def copy_of(step: TrainingStep) -> dict[str, np.ndarray]:
    """The values that a phase would result in if it ended now, by path."""
    return {
        variable.path: np.array(value.numpy())
        for variable, value in zip(step.model.variables, step.values(), strict=True)
    }
