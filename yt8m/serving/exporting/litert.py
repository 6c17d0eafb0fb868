"""LiteRT, formerly TensorFlow Lite: one video at a time, padded to the longest there is.

ASSUME on a device one video is asked about at a time; without fixed sizes the converter refuses all
our models.
"""

from collections.abc import Callable

import numpy as np
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter

from yt8m.data.schema import Schema

MOST_VIDEOS = 1


def convert(function: Callable, schema: Schema) -> bytes:
    """A flat buffer with inputs `frames` [1, max_frames, F] and `num_frames` [1], output [1, C]."""
    by_frame = schema.layout == "frame"
    shape = [1, schema.max_frames if by_frame else 1, schema.feature_size]
    frames = tf.TensorSpec(shape, tf.uint8 if by_frame else tf.float32, "frames")
    signature = [frames, tf.TensorSpec([1], tf.int32, "num_frames")]
    module = tf.Module()
    module.predict = tf.function(function, input_signature=signature)
    traced = module.predict.get_concrete_function()
    return tf.lite.TFLiteConverter.from_concrete_functions([traced], module).convert()


def predict(content: bytes, frames: np.ndarray, num_frames: np.ndarray) -> np.ndarray:
    """Probabilities, float32 [1, C]. frames: of `max_frames`, whatever stands past `num_frames`."""
    interpreter = Interpreter(model_content=content)
    interpreter.allocate_tensors()
    for place in interpreter.get_input_details():
        is_frames = len(place["shape"]) == 3
        interpreter.set_tensor(place["index"], frames if is_frames else num_frames)
    interpreter.invoke()
    return interpreter.get_tensor(interpreter.get_output_details()[0]["index"])
