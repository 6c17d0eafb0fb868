"""The L2 penalty on kernels."""

import keras
from keras import ops


class L2Penalty(keras.Regularizer):
    """scale * sum(w^2) / 2.

    Under TensorFlow it takes one pass over the kernel, and its gradient one more; Keras' own also
    writes an array of squares, and one that repeats the gradient by the sum.
    """

    def __init__(self, scale: float):
        self.scale = scale

    def __call__(self, kernel):
        """kernel: float, of any shape. Returns a scalar."""
        if keras.backend.backend() != "tensorflow":
            return self.scale * (ops.sum(ops.square(kernel)) / 2.0)
        from yt8m.kernels.half_squares import half_squares

        return self.scale * half_squares(kernel)

    def get_config(self):
        return {"scale": self.scale}


def l2_penalty(scale: float) -> L2Penalty | None:
    """The penalty of this scale; none if it is 0."""
    return L2Penalty(scale) if scale else None
