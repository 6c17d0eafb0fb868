"""A straightforward training step: float32 frames, a gradient tape, Keras' Adam, not compiled."""

import keras
import tensorflow as tf


class PlainStep:
    """Forward, backward, clipping of each gradient, Adam."""

    def __init__(self, model: keras.Model, clip_norm: float = 1.0):
        self.model, self.clip_norm = model, clip_norm
        self.adam = keras.optimizers.Adam(1e-3)
        self.loss = keras.losses.BinaryCrossentropy(reduction="sum")

    def __call__(self, frames, labels) -> float:
        """frames: uint8 [B, T, F], as they are stored. labels: bool [B, C]."""
        frames = tf.constant(frames.astype("float32") * (4 / 255) + (4 / 512 - 2))
        with tf.GradientTape() as tape:
            predictions = self.model(frames, training=True)
            labels = tf.cast(labels, tf.float32)
            each = labels.shape[1] / len(frames)  # summed over classes, mean over videos
            loss = self.loss(labels, predictions) * each + sum(self.model.losses)
        gradients = tape.gradient(loss, self.model.trainable_variables)
        gradients = [tf.clip_by_norm(g, self.clip_norm) for g in gradients]
        self.adam.apply_gradients(zip(gradients, self.model.trainable_variables, strict=True))
        return float(loss)
