"""Averages of weights and batch-norm statistics during a phase: exponential or equal (SWA)."""

from collections.abc import Callable

import tensorflow as tf

from yt8m.config.training import Averaging
from yt8m.errors import TrainingError
from yt8m.training.durations import Length, average_decay


def move_average(average: tf.Variable, value: tf.Tensor, decay: float) -> None:
    """One step: average <- decay * average + (1 - decay) * value.

    Polyak & Juditsky, "Acceleration of Stochastic Approximation by Averaging", 1992; the decay is
    constant, and the average starts at the initial weights of the phase.
    """
    average.assign_sub((average - value) * (1.0 - decay))


def add_to_mean(average: tf.Variable, value: tf.Tensor, count: tf.Tensor, every_steps: int) -> None:
    """After step `count` (float32 [], from 1): the mean of the weights after every `every_steps`.

    average <- (n * average + value) / (n + 1) after step n * every_steps, and nothing in between:
    stochastic weight averaging, Izmailov et al., "Averaging Weights Leads to Wider Optima and
    Better Generalization", 2018, algorithm 1. The phase's initial weights are the first sample.
    Depends only on the average, the weights and the step, so it can resume from these.
    """
    taken = tf.math.floordiv(count, float(every_steps))
    due = tf.equal(taken * every_steps, count)
    average.assign_sub((average - value) * tf.where(due, 1.0 / (taken + 1.0), 0.0))


def follower(
    settings: Averaging, length: Length | None = None
) -> Callable[[tf.Variable, tf.Tensor, tf.Tensor], None]:
    """The update of an average: a function of (average, value, number of the step, from 1).

    length: of the phase; needed if the memory is in epochs or a share.
    """

    def exponential(average, value, count):
        move_average(average, value, average_decay(settings, length))

    def equal(average, value, count):
        add_to_mean(average, value, count, settings.every_steps)

    return equal if settings.average == "equal" else exponential


def check_length(settings: Averaging | None, title: str, steps: int) -> None:
    """Raises TrainingError if a phase of `steps` steps ends before it averages anything."""
    if settings and settings.average == "equal" and settings.every_steps > steps:
        raise TrainingError(
            f"{title}: ema.every_steps is {settings.every_steps}, but there are only {steps} "
            "steps, so nothing would be averaged; lower ema.every_steps or raise ema.epochs"
        )
