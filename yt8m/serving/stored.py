"""Weights inside a graph: kept as they are stored, decoded when the graph is called."""

from collections.abc import Mapping

import numpy as np
import tensorflow as tf

from yt8m.compression.storage import Encoded
from yt8m.serving.decoding import DECODE


class StoredWeights(tf.Module):
    """The variables of one model; codes stay codes, so memory and disk hold the small form.

    stored: variable path -> float32 array or `Encoded`.
    """

    def __init__(self, stored: Mapping[str, np.ndarray | Encoded]):
        super().__init__()
        self._arrays = [
            {part: tf.Variable(array, trainable=False) for part, array in _parts(value).items()}
            for value in stored.values()
        ]
        self._places = {path: number for number, path in enumerate(stored)}
        self._storages = [v.storage if isinstance(v, Encoded) else "plain" for v in stored.values()]
        self._shapes = [value.shape for value in stored.values()]

    def __call__(self, path: str) -> tf.Tensor:
        """Float32 value of the variable at `path`."""
        place = self._places[path]
        return DECODE[self._storages[place]](self._arrays[place], self._shapes[place])


def _parts(value: np.ndarray | Encoded) -> Mapping[str, np.ndarray]:
    return value.arrays if isinstance(value, Encoded) else {"values": value}
