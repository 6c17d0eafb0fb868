"""Models of Keras' own layers, compiled by Keras: with XLA or without it."""

from collections.abc import Callable, Sequence

import keras
import numpy as np
from keras import ops

from benchmarks.baselines.models import AUDIO, RGB

EPSILON = 1e-5
"""Added to probabilities before their logarithm, as in 2018."""


def of_bytes(model: keras.Model) -> keras.Model:
    """The model on frames as records hold them, uint8 [B, T, F]: a fourth of the bytes."""
    frames = keras.Input((None, RGB + AUDIO), dtype="uint8")
    return keras.Model(frames, model(keras.layers.Rescaling(4 / 255, 4 / 512 - 2)(frames)))


def cross_entropy(labels, predictions):
    """Summed over classes, mean over videos. Both: [B, C]. Returns a scalar."""
    labels = ops.cast(labels, predictions.dtype)
    found = labels * ops.log(predictions + EPSILON)
    left_out = (1.0 - labels) * ops.log(1.0 - predictions + EPSILON)
    return ops.mean(ops.sum(-(found + left_out), axis=1))


class KerasStep:
    """`train_on_batch`: Adam, and each gradient clipped by its norm. jit: compile with XLA."""

    def __init__(self, model: keras.Model, jit: bool):
        self.model = of_bytes(model)
        adam = keras.optimizers.Adam(1e-3, epsilon=1e-8, clipnorm=1.0)
        self.model.compile(adam, cross_entropy, jit_compile=jit)

    def __call__(self, frames: np.ndarray, labels: np.ndarray) -> float:
        """frames: uint8 [B, T, F]. labels: bool [B, C]. Returns the loss before the step."""
        return float(self.model.train_on_batch(frames, labels))


class KerasPredictor:
    """`predict_on_batch`. jit: compile with XLA."""

    def __init__(self, model: keras.Model, jit: bool):
        self.model = of_bytes(model)
        self.model.compile(jit_compile=jit)

    def __call__(self, frames: np.ndarray) -> np.ndarray:
        """From uint8 [B, T, F] to float32 [B, C]."""
        return self.model.predict_on_batch(frames)


def set_weights(model: keras.Model, arrays: Sequence[np.ndarray]) -> None:
    """Set weights in the order of their creation, which two models share for those of one shape.

    arrays: a model's trainable weights, then the others. Raises StopIteration if one is missing.
    """
    trainable = len(model.trainable_variables)
    for variables, found in (
        (model.trainable_variables, arrays[:trainable]),
        (model.non_trainable_variables, arrays[trainable:]),
    ):
        left = list(found)
        for variable in variables:
            if "int" in str(variable.dtype):  # the state of a random generator
                continue
            number = next(n for n, a in enumerate(left) if a.shape == tuple(variable.shape))
            variable.assign(left.pop(number))


def built(build: Callable[[], keras.Model], arrays: Sequence[np.ndarray] | None) -> keras.Model:
    """A model, with these weights if there are some."""
    model = build()
    if arrays is not None:
        set_weights(model, arrays)
    return model
