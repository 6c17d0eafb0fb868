"""ONNX, by tf2onnx; run by onnxruntime. Any number of videos and frames."""

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import numpy as np
import onnxruntime
import tensorflow as tf
import tf2onnx
from onnx import ModelProto

from yt8m.serving.exporting.inputs import OUTPUT, Inputs
from yt8m.serving.exporting.onnx_weights import SMALLER

MOST_VIDEOS = 64
OPSET = 18
"""The newest operator set that tf2onnx 1.17 writes."""


def convert(function: Callable, inputs: Inputs, weights: str, about: Mapping[str, object]) -> bytes:
    """An ONNX model: inputs [B, T, ...] and `num_frames` [B] to `predictions` [B, C].

    about: becomes `metadata_props`; what is not a text, as JSON.
    """
    specs = inputs.specs(None, None)
    traced = tf.function(function, input_signature=specs, autograph=False)
    with _without_logs():  # errors are raised too
        model, _ = tf2onnx.convert.from_function(traced, specs, opset=OPSET)
        if weights in SMALLER:
            model = SMALLER[weights](model)
    _name_dimensions(model)
    for key, value in about.items():
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        model.metadata_props.add(key=key, value=text)
    return model.SerializeToString(deterministic=True)


@contextmanager
def _without_logs() -> Iterator[None]:
    before = logging.root.manager.disable
    logging.disable()
    try:
        yield
    finally:
        logging.disable(before)


def _name_dimensions(model: ModelProto) -> None:
    """Call those of any size `videos` and `frames`."""
    for value in (*model.graph.input, *model.graph.output):
        dimensions = value.type.tensor_type.shape.dim
        for dimension, name in zip(dimensions, ("videos", "frames"), strict=False):
            if not dimension.HasField("dim_value"):
                dimension.dim_param = name


def load(content: bytes) -> Callable[[Mapping[str, np.ndarray]], np.ndarray]:
    """From inputs by name to probabilities, float32 [B, C]."""
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    return lambda arrays: session.run([OUTPUT], dict(arrays))[0]
