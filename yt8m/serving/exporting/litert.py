"""LiteRT, formerly TensorFlow Lite: one video at a time, padded to `max_frames`.

ASSUME a device predicts one video at a time; the converter refuses our models without fixed sizes.
"""

from collections.abc import Callable

import numpy as np
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter
from tensorflow.lite.python import schema_py_generated as schema_fb
from tensorflow.lite.tools import flatbuffer_utils

from yt8m.data.schema import Schema

OUTPUT = "predictions"
MOST_VIDEOS = 1


def convert(function: Callable, schema: Schema) -> bytes:
    """A flat buffer with inputs `frames` [1, max_frames, F] and `num_frames` [1], output
    `predictions` [1, C], also as the signature `serving_default`.
    """
    by_frame = schema.layout == "frame"
    shape = [1, schema.max_frames if by_frame else 1, schema.feature_size]
    frames = tf.TensorSpec(shape, tf.uint8 if by_frame else tf.float32, "frames")
    signature = [frames, tf.TensorSpec([1], tf.int32, "num_frames")]
    module = tf.Module()
    module.predict = tf.function(function, input_signature=signature)
    traced = module.predict.get_concrete_function()
    content = tf.lite.TFLiteConverter.from_concrete_functions([traced], module).convert()
    return _with_names(content)


def _with_names(content: bytes) -> bytes:
    """The same with the output named `predictions`, and a signature with all names.

    The converter always names it `Identity`.
    """
    model = flatbuffer_utils.convert_bytearray_to_object(bytearray(content))
    graph = model.subgraphs[0]
    graph.tensors[graph.outputs[0]].name = OUTPUT.encode()
    signature = schema_fb.SignatureDefT()
    signature.signatureKey, signature.subgraphIndex = b"serving_default", 0
    signature.inputs = [_named(graph, place) for place in graph.inputs]
    signature.outputs = [_named(graph, place) for place in graph.outputs]
    model.signatureDefs = [signature]
    return bytes(flatbuffer_utils.convert_object_to_bytearray(model))


def _named(graph: schema_fb.SubGraphT, place: int) -> schema_fb.TensorMapT:
    found = schema_fb.TensorMapT()
    found.name, found.tensorIndex = graph.tensors[place].name, place
    return found


def predict(content: bytes, frames: np.ndarray, num_frames: np.ndarray) -> np.ndarray:
    """Probabilities, float32 [1, C]. frames: padded to `max_frames` with any values."""
    run = Interpreter(model_content=content).get_signature_runner()
    return run(frames=frames, num_frames=num_frames)[OUTPUT]
