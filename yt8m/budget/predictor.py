"""Models whose weights come with each call: traced once, tried with many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from yt8m.data.schema import Batch, Schema
from yt8m.models.assemble import build_model
from yt8m.recipes import read_recipe
from yt8m.serving.member import Member

Values = Mapping[str, np.ndarray]
"""Variable path -> float32 values."""


class Predictor:
    """One model. member: says which; its weights are those that a call does not replace."""

    def __init__(self, member: Member):
        recipe = read_recipe("yt8m.models", member.identity["recipe"], member.name)
        self.model = build_model(recipe, member.schema)
        self._own = {path: tf.constant(value) for path, value in member.stored.items()}
        self._compiled = tf.function(self._predict, reduce_retracing=True)

    def __call__(self, batch: Batch, replaced: Values | None = None) -> np.ndarray:
        """Predictions float32 [B, C], with some variables replaced."""
        values = self._own | {path: tf.constant(v) for path, v in (replaced or {}).items()}
        trainable = [values[v.path] for v in self.model.trainable_variables]
        others = [values[v.path] for v in self.model.non_trainable_variables]
        frames, num_frames = tf.constant(batch.frames), tf.constant(batch.num_frames)
        return self._compiled(trainable, others, frames, num_frames).numpy()

    def all(self, batches: Sequence[Batch], replaced: Values | None = None) -> np.ndarray:
        """The same of several batches, one below the other: float32 [N, C]."""
        return np.concatenate([self(batch, replaced) for batch in batches])

    def _predict(self, trainable, others, frames, num_frames):
        predictions, _ = self.model.stateless_call(
            trainable, others, [frames, num_frames], training=False
        )
        return predictions


@dataclass(frozen=True)
class Mean:
    """The weighted mean of members whose weights come from outside; predicts like a graph."""

    name: str
    schema: Schema
    predictors: Mapping[str, Predictor]
    weights: Mapping[str, float]
    values: Mapping[str, Values]

    def predict(self, batch: Batch) -> np.ndarray:
        """Probabilities, float32 [B, C]."""
        each = (self.predictors[n](batch, v) * self.weights[n] for n, v in self.values.items())
        return np.sum(list(each), axis=0, dtype=np.float32)
