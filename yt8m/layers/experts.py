"""Classifiers: from one vector per video to class probabilities."""

import keras
from keras import ops

from yt8m.layers.gating import ContextGating
from yt8m.layers.penalty import l2_penalty


def matrix_product(inputs, kernel):
    """The product inputs @ kernel as float32, whatever the dtype of the factors."""
    return ops.cast(ops.matmul(inputs, kernel), "float32")


class Logistic(keras.layers.Layer):
    """sigmoid(x W + b).

    classes: C.
    l2: weight of the penalty l2 * sum(w^2) / 2 on the kernel.

    Weights: `kernel` [inputs, C], `bias` [C].
    """

    def __init__(self, classes: int, l2: float = 1e-8, **kwargs):
        super().__init__(**kwargs)
        self.classes = classes
        self.l2 = l2

    def build(self, input_shape):
        self.kernel = self.add_weight(
            (input_shape[-1], self.classes),
            "glorot_uniform",
            regularizer=l2_penalty(self.l2),
            name="kernel",
        )
        self.bias = self.add_weight((self.classes,), "zeros", name="bias")

    def call(self, inputs):
        """inputs: float [B, inputs] -> float [B, C] in [0, 1]."""
        return ops.sigmoid(matrix_product(inputs, self.kernel) + ops.cast(self.bias, "float32"))

    def get_config(self):
        return {**super().get_config(), "classes": self.classes, "l2": self.l2}


class MixtureOfExperts(keras.layers.Layer):
    """Softmax mixture of logistic experts per class (Jordan & Jacobs 1994; Miech et al. 2017).

    There is one more gate than experts: the last belongs to a dummy expert that predicts 0.

    classes: C.
    mixtures: experts per class, M.
    l2: weight of the penalty l2 * sum(w^2) / 2 on the gates' and experts' kernels.
    low_rank: rank of the gates' kernel; 0: full rank.
    gating: "none", or context gating of the probabilities with gates computed from the
        "probabilities" themselves or from the "activations", the classifier's input.
    remove_diagonal: with gating by probabilities, no class takes part in its own gate.

    Weights: `gates` [inputs, C * (M + 1)] (under `low_rank`: `gates_down` [inputs, rank] and
    `gates` [rank, ...]), `experts` [inputs, C * M], `expert_bias` [C * M], M running fastest;
    those of `gating`.
    """

    def __init__(
        self,
        classes: int,
        mixtures: int = 2,
        l2: float = 1e-8,
        low_rank: int = 0,
        gating: str = "none",
        remove_diagonal: bool = False,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.classes = classes
        self.mixtures = mixtures
        self.l2 = l2
        self.low_rank = low_rank
        self.gating = gating
        self.remove_diagonal = remove_diagonal

    def build(self, input_shape):
        size = input_shape[-1]
        if self.low_rank:
            self.gates_down = self._kernel("gates_down", size, self.low_rank)
        self.gates = self._kernel(
            "gates", self.low_rank or size, self.classes * (self.mixtures + 1)
        )
        self.experts = self._kernel("experts", size, self.classes * self.mixtures)
        self.expert_bias = self.add_weight(
            (self.classes * self.mixtures,), "zeros", name="expert_bias"
        )
        if self.gating != "none":
            # It acts on probabilities, so it is float32 whatever dtype the other layers use.
            self.context = ContextGating(
                remove_diagonal=self.remove_diagonal, name="gating", dtype="float32"
            )
            source = (None, size) if self.gating == "activations" else None
            self.context.build((None, self.classes), source)

    def _kernel(self, name: str, rows: int, columns: int):
        return self.add_weight(
            (rows, columns), "glorot_uniform", regularizer=l2_penalty(self.l2), name=name
        )

    def call(self, inputs, training=None):
        """inputs: float [B, inputs] -> float [B, C] in [0, 1]."""
        narrow = ops.matmul(inputs, self.gates_down) if self.low_rank else inputs
        gates = matrix_product(narrow, self.gates)
        gates = ops.softmax(ops.reshape(gates, (-1, self.classes, self.mixtures + 1)))
        bias = ops.cast(self.expert_bias, "float32")
        experts = ops.sigmoid(matrix_product(inputs, self.experts) + bias)
        experts = ops.reshape(experts, (-1, self.classes, self.mixtures))
        probabilities = ops.sum(gates[:, :, : self.mixtures] * experts, axis=-1)  # [B, C]
        if self.gating == "none":
            return probabilities
        source = inputs if self.gating == "activations" else None
        return self.context(probabilities, source, training=training)

    def get_config(self):
        return {
            **super().get_config(),
            "classes": self.classes,
            "mixtures": self.mixtures,
            "l2": self.l2,
            "low_rank": self.low_rank,
            "gating": self.gating,
            "remove_diagonal": self.remove_diagonal,
        }
