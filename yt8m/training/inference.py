"""Predictions with the weights that a phase would result in if it ended now."""

import keras
import numpy as np
import tensorflow as tf

from yt8m.training.step import TrainingStep


class Inference:
    """Predicts with a step's averages, or else its weights; changes no variable and draws nothing.

    It is compiled once for all shapes of batches, so that predictions do not depend on which came
    before. On several devices it runs on the first.
    """

    def __init__(self, step: TrainingStep):
        self._step = step
        self._compiled = None

    def __call__(self, frames: np.ndarray, num_frames: np.ndarray) -> np.ndarray:
        """frames: uint8 or float32 [B, T, F]. num_frames: int32 [B]. Returns float32 [B, C]."""
        if self._compiled is None:
            shapes = ([None, *[None] * (frames.ndim - 2), frames.shape[-1]], [None])
            specs = map(tf.TensorSpec, shapes, (frames.dtype, num_frames.dtype))
            self._compiled = tf.function(self._predict, input_signature=[*specs], autograph=False)
        return self._compiled(tf.constant(frames), tf.constant(num_frames)).numpy()

    def _predict(self, frames, num_frames):
        values = [tf.convert_to_tensor(value) for value in self._step.values()]
        model = self._step.model
        with keras.StatelessScope([*zip(model.variables, values, strict=True)]):
            return model([frames, num_frames], training=False)
