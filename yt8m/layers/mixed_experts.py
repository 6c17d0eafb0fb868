"""Logistic experts on vectors of their own, mixed by gates, that learn from their mixture."""

import keras
from keras import ops

from yt8m.layers.experts import matrix_product
from yt8m.layers.penalty import l2_penalty


class MixedExperts(keras.layers.Layer):
    """sigmoid(sum over m of gate[m] * z[m]), with logits z[m] = x[m] W[m] + b[m] of M experts.

    The gates are a softmax over the experts, computed from another vector. In training, every
    expert also learns from the mixture z (on-line distillation; Lin, Xiao & Fan 2018,
    arXiv:1811.05014, section 3; Lan, Zhu & Gong 2018, arXiv:1806.04606): the loss

        distillation * T^2 * sum over m of KL(softmax(z / T) || softmax(z[m] / T))

    is added, as a mean over videos (see `distillation_loss`); never outside of training.

    classes: C. distillation: weight of that loss. temperature: T. l2: weight of the penalty
    l2 * sum(w^2) / 2 on the experts' kernels.

    Weights: for each expert m from 1, `kernel_<m>` [H, C] and `bias_<m>` [C]; `gates` [F, M] and
    `gates_bias` [M].
    """

    def __init__(
        self,
        classes: int,
        distillation: float = 1.0,
        temperature: float = 3.0,
        l2: float = 1e-8,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.classes = classes
        self.distillation = distillation
        self.temperature = temperature
        self.l2 = l2

    def build(self, vectors_shape, features_shape):
        _, experts, size = vectors_shape
        self.kernels, self.biases = [], []
        for m in range(1, experts + 1):
            kernel = self.add_weight(
                (size, self.classes),
                "glorot_uniform",
                regularizer=l2_penalty(self.l2),
                name=f"kernel_{m}",
            )
            self.kernels.append(kernel)
            self.biases.append(self.add_weight((self.classes,), "zeros", name=f"bias_{m}"))
        self.gates = self.add_weight((features_shape[-1], experts), "glorot_uniform", name="gates")
        self.gates_bias = self.add_weight((experts,), "zeros", name="gates_bias")

    def call(self, vectors, features, training=None):
        """vectors: float [B, M, H], one per expert; features: float [B, F], for the gates.

        Returns float32 [B, C] in [0, 1].
        """
        logits = ops.stack(
            [
                matrix_product(vectors[:, m], kernel) + ops.cast(bias, "float32")
                for m, (kernel, bias) in enumerate(zip(self.kernels, self.biases, strict=True))
            ],
            axis=1,
        )  # [B, M, C]
        gates = matrix_product(features, self.gates) + ops.cast(self.gates_bias, "float32")
        mixture = ops.sum(ops.softmax(gates)[:, :, None] * logits, axis=1)  # [B, C]
        if training and self.distillation:
            loss = distillation_loss(logits, mixture, self.temperature)
            self.add_loss(self.distillation * loss)
        return ops.sigmoid(mixture)

    def get_config(self):
        return {
            **super().get_config(),
            "classes": self.classes,
            "distillation": self.distillation,
            "temperature": self.temperature,
            "l2": self.l2,
        }


def distillation_loss(logits, mixture, temperature: float):
    """T^2 * KL(softmax(mixture / T) || softmax(logits / T)), summed over experts, mean over videos.

    logits: float [B, M, C]; mixture: float [B, C]. T^2 keeps the scale of the gradients (Hinton,
    Vinyals & Dean 2015, section 2). ASSUME no gradient reaches the mixture, which is the target.
    """
    target = ops.stop_gradient(mixture)[:, None] / temperature
    log_target, log_found = ops.log_softmax(target), ops.log_softmax(logits / temperature)
    divergence = ops.sum(ops.exp(log_target) * (log_target - log_found), axis=(1, 2))
    return temperature**2 * ops.mean(divergence)
