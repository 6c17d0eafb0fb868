"""ONNX, by tf2onnx; run by onnxruntime. Any number of videos and frames."""

from collections.abc import Callable

import numpy as np
import onnxruntime
import tensorflow as tf
import tf2onnx

from yt8m.data.schema import Schema

MOST_VIDEOS = 64
OPSET = 18
"""The newest operator set that tf2onnx 1.17 writes."""


def convert(function: Callable, schema: Schema) -> bytes:
    """An ONNX model: `frames` [B, T, F] and `num_frames` [B] to `predictions` [B, C]."""
    dtype = tf.uint8 if schema.layout == "frame" else tf.float32
    frames = tf.TensorSpec([None, None, schema.feature_size], dtype, "frames")
    signature = [frames, tf.TensorSpec([None], tf.int32, "num_frames")]
    traced = tf.function(function, input_signature=signature)
    model, _ = tf2onnx.convert.from_function(traced, signature, opset=OPSET)
    return model.SerializeToString(deterministic=True)


def predict(content: bytes, frames: np.ndarray, num_frames: np.ndarray) -> np.ndarray:
    """Probabilities, float32 [B, C]."""
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    return session.run(["predictions"], {"frames": frames, "num_frames": num_frames})[0]
