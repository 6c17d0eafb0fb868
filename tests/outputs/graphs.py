"""A graph that is not a model."""

import tensorflow as tf

from tests.small import SCHEMA
from yt8m.serving.graph import Graph


def mean_byte_graph(name: str) -> Graph:
    """Predictions that depend on the frames: the mean byte of six columns."""
    module = tf.Module()

    def predict(frames, num_frames):
        total = tf.reduce_sum(tf.cast(frames[:, :, :6], tf.float32), axis=1)
        return total / tf.cast(num_frames, tf.float32)[:, None] / 255.0

    module.predict_bytes = predict
    return Graph(name, SCHEMA, "digest", module, "c0ffee00")
