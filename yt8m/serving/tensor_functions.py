"""TensorFlow's functions, of graphs in this process, as functions of arrays."""

from collections.abc import Callable, Sequence

import numpy as np
import tensorflow as tf

from yt8m.errors import TensorFlowError
from yt8m.printable import error_line
from yt8m.protocols import Predict
from yt8m.serving.mean_graph import mean_graph
from yt8m.serving.member import Member


def mean_predictor(members: Sequence[Member], weights: Sequence[float]) -> Predict:
    """What the functions of `mean_graph` predict, as a function of arrays."""
    module = mean_graph(members, weights)
    return predictor(module.predict_bytes, module.predict_floats)


def predictor(by_bytes: Callable, by_floats: Callable) -> Predict:
    """A function of arrays from two of tensors: for frames of bytes, and of floats."""

    def predict(frames: np.ndarray, num_frames: np.ndarray) -> np.ndarray:
        function = by_bytes if frames.dtype == np.uint8 else by_floats
        try:
            return function(tf.constant(frames), tf.constant(num_frames)).numpy()
        except tf.errors.OpError as error:
            raise TensorFlowError(error_line(error)) from error

    return predict
