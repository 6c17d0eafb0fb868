"""Exponential moving average of weights and batch-norm statistics."""

import tensorflow as tf


def move_average(average: tf.Variable, value: tf.Tensor, decay: float) -> None:
    """One step: average <- decay * average + (1 - decay) * value.

    Polyak & Juditsky, "Acceleration of Stochastic Approximation by Averaging", 1992; the decay is
    constant, and the average starts at the weights that the run starts from.
    """
    average.assign_sub((average - value) * (1.0 - decay))
