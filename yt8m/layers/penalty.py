"""The L2 penalty on kernels."""

import keras
from keras import ops


class L2Penalty(keras.Regularizer):
    """scale * sum(w^2) / 2.

    Unlike Keras' own, it and its gradient take one pass each over the kernel under TensorFlow:
    without an array of squares, and without one that repeats the loss' gradient.
    """

    def __init__(self, scale: float):
        self.scale = scale

    def __call__(self, kernel):
        """kernel: float, of any shape. Returns a scalar."""
        return self.scale * half_squares(kernel)

    def get_config(self):
        return {"scale": self.scale}


def half_squares(values):
    """sum(values^2) / 2, a scalar."""
    if keras.backend.backend() != "tensorflow":
        return ops.sum(ops.square(values)) / 2.0
    import tensorflow as tf

    return tf.nn.l2_loss(values)


def l2_penalty(scale: float) -> L2Penalty | None:
    """The penalty of this scale; none if it is 0."""
    return L2Penalty(scale) if scale else None
