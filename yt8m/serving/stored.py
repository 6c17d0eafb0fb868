"""Weights inside a graph: kept as they are stored, decoded when it is loaded or called."""

from collections.abc import Mapping

import numpy as np
import tensorflow as tf

from yt8m.compression.storage import Encoded
from yt8m.serving.decoded import DecodedWeights
from yt8m.serving.decoding import DECODE, parts_of, storage_of


class StoredWeights(tf.Module):
    """The variables of one model; codes stay codes, in memory too, and are decoded in each call.

    stored: variable path -> float32 array or `Encoded`. scope: as `DecodedWeights` has it.
    """

    def __init__(self, stored: Mapping[str, np.ndarray | Encoded], scope: str):
        super().__init__()
        self._arrays = [
            {n: tf.Variable(array, trainable=False) for n, array in parts_of(value).items()}
            for value in stored.values()
        ]
        self._places = {path: place for place, path in enumerate(stored)}
        self._storages = [storage_of(value) for value in stored.values()]
        self._shapes = [value.shape for value in stored.values()]

    def __call__(self, path: str) -> tf.Tensor:
        """Float32 value of the variable at `path`."""
        place = self._places[path]
        return DECODE[self._storages[place]](self._arrays[place], self._shapes[place])


WHEN = {"at_load": DecodedWeights, "per_call": StoredWeights}
"""When codes become float32: once (fast), or in each call (small in memory). Same predictions."""
