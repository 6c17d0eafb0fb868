"""What an optimiser step changes: a model's variables, or the codebooks that stand behind them."""

from collections.abc import Mapping
from dataclasses import replace

import keras
import numpy as np
import tensorflow as tf

from yt8m.compression.storage import Encoded, decode


class Whole:
    """A variable that learns as it is."""

    def __init__(self, variable: keras.Variable):
        self.path, self.variable = variable.path, variable.value

    def gradient(self, gradient: tf.Tensor) -> tf.Tensor:
        """Of `variable`, from that of the model's variable."""
        return gradient

    def write(self, strategy) -> None:
        """Nothing: the model's variable is the one that learnt."""


class Codebook:
    """A variable whose elements are codes: its codebook learns, which code stands where stays.

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
        """Of the codebook, flat, from that of the model's variable."""
        flat = tf.reshape(gradient, [-1])
        return tf.math.unsorted_segment_sum(flat, self._places, self.variable.shape[0])

    def encoded(self) -> Encoded:
        """The codes, with the codebook as it is now."""
        arrays = self._encoded.arrays
        codebook = self.variable.numpy().reshape(arrays["codebook"].shape)
        return replace(self._encoded, arrays={**arrays, "codebook": codebook})

    def write(self, strategy) -> None:
        """Give the model's variable what its codes stand for now; call in cross-replica context."""
        values = tf.reshape(tf.gather(self.variable, self._places), self._weights.shape)
        strategy.extended.update(self._weights, _assign, args=(values,), group=False)


def parameters_of(model: keras.Model, stored: Mapping[str, Encoded | np.ndarray]) -> list:
    """What learns in a model whose variables are `stored` so; by default each as it is.

    Variables stored in another way than by a codebook stay as they are.
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
    """For each element, which entry of the flat codebook it stands for: int32 [N]."""
    codebook = encoded.arrays["codebook"]
    numbers = np.arange(codebook.size, dtype=np.float32).reshape(codebook.shape)
    numbered = Encoded(encoded.storage, encoded.shape, {**encoded.arrays, "codebook": numbers})
    return decode(numbered).reshape(-1).astype(np.int32)


def _assign(variable, values) -> None:
    variable.assign(values)
