"""Weights inside a graph: kept as they are stored, decoded when it is loaded or called."""

from collections.abc import Mapping

import numpy as np
import tensorflow as tf

from yt8m.compression.storage import Encoded
from yt8m.serving.decoded import Decoded
from yt8m.serving.decoding import DECODE

WHEN = ("at_load", "per_call")
"""When codes become float32: once (fast), or in each call (small in memory). Same predictions."""


class StoredWeights(tf.Module):
    """The variables of one model; codes stay codes on disk, and in memory if decoded `per_call`.

    stored: variable path -> float32 array or `Encoded`.
    decode: one of `WHEN`. scope: a name that no other model of the graph has.
    """

    def __init__(self, stored: Mapping[str, np.ndarray | Encoded], decode: str, scope: str):
        super().__init__()
        self._arrays = [
            {part: tf.Variable(array, trainable=False) for part, array in _parts(value).items()}
            for value in stored.values()
        ]
        self._places = {path: number for number, path in enumerate(stored)}
        self._storages = [v.storage if isinstance(v, Encoded) else "plain" for v in stored.values()]
        self._shapes = [value.shape for value in stored.values()]
        self._decoded = {
            str(self._places[path]): Decoded(
                f"decoded/{scope}/{path}", value.shape, lambda path=path: self._decode(path)
            )
            for path, value in stored.items()
            if isinstance(value, Encoded) and decode == "at_load"
        }

    def __call__(self, path: str) -> tf.Tensor:
        """Float32 value of the variable at `path`."""
        decoded = self._decoded.get(str(self._places[path]))
        return self._decode(path) if decoded is None else decoded.read()

    def _decode(self, path: str) -> tf.Tensor:
        place = self._places[path]
        return DECODE[self._storages[place]](self._arrays[place], self._shapes[place])


def _parts(value: np.ndarray | Encoded) -> Mapping[str, np.ndarray]:
    return value.arrays if isinstance(value, Encoded) else {"values": value}
