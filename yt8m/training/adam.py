"""Adam, on one device or mirrored on several."""

from collections.abc import Sequence

import tensorflow as tf


class Adam:
    """Kingma & Ba, "Adam: A Method for Stochastic Optimization", 2015, in the efficient form of its
    section 2: epsilon is added outside the bias-corrected root.

    Create it under the strategy scope of the variables. Its state is the first and second moments,
    `first` and `second`, in the order of `variables`.
    """

    beta_1, beta_2, epsilon = 0.9, 0.999, 1e-8

    def __init__(self, variables: Sequence[tf.Variable]):
        self.variables = list(variables)
        self.first = [_zeros_like(v) for v in self.variables]
        self.second = [_zeros_like(v) for v in self.variables]

    def apply(self, strategy, gradients: Sequence[tf.Tensor], learning_rate, step) -> None:
        """Update all variables; call in cross-replica context.

        gradients: summed over replicas and clipped, in the order of `variables`.
        learning_rate: float32 scalar. step: float32 scalar, 1 for the first update.
        """
        for variable, gradient, first, second in zip(
            self.variables, gradients, self.first, self.second, strict=True
        ):
            args = (gradient, first, second, learning_rate, step)
            strategy.extended.update(variable, self._update, args=args, group=False)

    def _update(self, variable, gradient, first, second, rate, step) -> None:
        # One fused kernel that reads and writes each array once.
        tf.raw_ops.ResourceApplyAdam(
            var=variable.handle,
            m=first.handle,
            v=second.handle,
            beta1_power=self.beta_1**step,
            beta2_power=self.beta_2**step,
            lr=rate,
            beta1=self.beta_1,
            beta2=self.beta_2,
            epsilon=self.epsilon,
            grad=gradient,
        )


def _zeros_like(variable: tf.Variable) -> tf.Variable:
    return tf.Variable(tf.zeros(variable.shape, variable.dtype), trainable=False)
