"""Models whose weights are arguments of each call: traced once, called with many weights."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
import tensorflow as tf

from yt8m.data.schema import Batch, Schema
from yt8m.data.value_ranges import ValueRange
from yt8m.layers.frames import Frames
from yt8m.serving.member import Member

Values = Mapping[str, np.ndarray]
"""Variable path -> float32 values."""


class ReadBatch(NamedTuple):
    """Inputs of all models, as returned by `Frames`."""

    parts: list[tf.Tensor]
    scale: tf.Tensor
    mask: tf.Tensor


def read(batch: Batch, schema: Schema) -> ReadBatch:
    """The frames of a batch as models read them, computed once for all of them."""
    compiled = _reader(schema.sized_ranges)
    return ReadBatch(*compiled(tf.constant(batch.frames), tf.constant(batch.num_frames)))


@cache
def _reader(sized_ranges: tuple[tuple[int, ValueRange], ...]) -> Callable:
    return tf.function(Frames(sized_ranges), reduce_retracing=True, autograph=False)


class Predictor:
    """One model. member: its recipe, and the weights that a call does not replace."""

    def __init__(self, member: Member):
        self.model = member.model()
        self._own = {path: tf.constant(value) for path, value in member.stored.items()}
        self._compiled = tf.function(self._predict, reduce_retracing=True)

    def __call__(self, batch: ReadBatch, replaced: Values | None = None) -> np.ndarray:
        """Predictions float32 [B, C], with some variables replaced."""
        values = self._own | {path: tf.constant(v) for path, v in (replaced or {}).items()}
        trainable = [values[v.path] for v in self.model.trainable_variables]
        others = [values[v.path] for v in self.model.non_trainable_variables]
        return self._compiled(trainable, others, *batch).numpy()

    def all(self, batches: Sequence[ReadBatch], replaced: Values | None = None) -> np.ndarray:
        """The same for several batches, concatenated: float32 [N, C]."""
        return np.concatenate([self(batch, replaced) for batch in batches])

    def _predict(self, trainable, others, *read):
        predictions, _ = self.model.body.stateless_call(
            trainable, others, list(read), training=False
        )
        return predictions


@dataclass(frozen=True)
class Mean:
    """The weighted mean of members with given weights; predicts like a graph."""

    name: str
    schema: Schema
    predictors: Mapping[str, Predictor]
    weights: Mapping[str, float]
    values: Mapping[str, Values]

    def predict(self, batch: Batch) -> np.ndarray:
        """Probabilities, float32 [B, C]."""
        found = read(batch, self.schema)
        each = (self.predictors[n](found, v) * self.weights[n] for n, v in self.values.items())
        return np.sum(list(each), axis=0, dtype=np.float32)
