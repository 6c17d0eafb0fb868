"""Models whose variables have shapes but no values, so that they take no memory."""

from collections.abc import Callable
from typing import TypeVar

import tensorflow as tf
from tensorflow.python.ops.resource_variable_ops import UninitializedVariable

T = TypeVar("T")


def without_values(make: Callable[[], T]) -> T:
    """The result of `make`, whose variables can only be traced.

    Their initial values are symbolic tensors of a graph that is never run.
    """
    made = []

    def trace() -> None:
        with tf.variable_creator_scope(_abstract):
            made.append(make())

    tf.function(trace, autograph=False).get_concrete_function()
    return made[0]


def _abstract(_, initial_value, dtype=None, trainable=True, name=None, **__):
    value = initial_value() if callable(initial_value) else initial_value
    value = tf.convert_to_tensor(value, dtype)
    return UninitializedVariable(trainable, name=name, shape=value.shape, dtype=value.dtype)
