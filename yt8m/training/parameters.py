"""What the optimiser updates: a model's variables, or the codebooks of its encoded variables."""

from collections.abc import Mapping
from dataclasses import replace

import keras
import numpy as np
import tensorflow as tf

from yt8m.compression.storage import Encoded, decode


class Whole:
    """A variable that is trained itself."""

    def __init__(self, variable: keras.Variable):
        self.path, self.variable = variable.path, variable.value

    def gradient(self, gradient: tf.Tensor) -> tf.Tensor:
        """The gradient of `variable`, from that of the model's variable."""
        return gradient

    def write(self, strategy) -> None:
        """Nothing to do: the model's variable itself is trained."""


class Codebook:
    """An encoded variable: its codebook is trained, its codes are fixed.

    The gradient of a codebook's entry is the sum over all elements that share it (Han, Mao & Dally,
    "Deep Compression", 2016, section 3.3).
    """

    def __init__(self, variable: keras.Variable, encoded: Encoded):
        codebook = np.asarray(encoded.arrays["codebook"], np.float32)
        self.path = variable.path
        self.variable = tf.Variable(codebook.reshape(-1), trainable=False)
        self._weights, self._encoded = variable.value, encoded
        self._places = tf.constant(places(encoded))

    def gradient(self, gradient: tf.Tensor) -> tf.Tensor:
        """The gradient of the flat codebook, from that of the model's variable."""
        flat = tf.reshape(gradient, [-1])
        return tf.math.unsorted_segment_sum(flat, self._places, self.variable.shape[0])

    def encoded(self) -> Encoded:
        """The encoded variable with the current codebook."""
        arrays = self._encoded.arrays
        codebook = self.variable.numpy().reshape(arrays["codebook"].shape)
        return replace(self._encoded, arrays={**arrays, "codebook": codebook})

    def write(self, strategy) -> None:
        """Set the model's variable to the decoded values; call in cross-replica context."""
        values = tf.reshape(tf.gather(self.variable, self._places), self._weights.shape)
        strategy.extended.update(self._weights, _assign, args=(values,), group=False)


def parameters_of(model: keras.Model, stored: Mapping[str, Encoded | np.ndarray]) -> list:
    """The trained parameters of a model with these `stored` variables.

    Encoded variables without a codebook are not trained.
    """
    found = []
    for variable in model.trainable_variables:
        value = stored.get(variable.path)
        if not isinstance(value, Encoded):
            found.append(Whole(variable))
        elif value.storage == "codebook":
            found.append(Codebook(variable, value))
    return found


def places(encoded: Encoded) -> np.ndarray:
    """For each element, the index of its entry in the flat codebook: int32 [N]."""
    codebook = encoded.arrays["codebook"]
    numbers = np.arange(codebook.size, dtype=np.float32).reshape(codebook.shape)
    numbered = Encoded(encoded.storage, encoded.shape, {**encoded.arrays, "codebook": numbers})
    return decode(numbered).reshape(-1).astype(np.int32)


def _assign(variable, values) -> None:
    variable.assign(values)
