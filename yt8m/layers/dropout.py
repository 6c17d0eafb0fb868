"""Dropout with its random state among the weights, so that resumed training is reproducible."""

import keras
from keras import ops

FIRST_DRAWS = 2.0**16
"""Counters start below this; a float32 counts by ones up to 2**24 steps."""


class _Draw(keras.random.SeedGenerator):
    """The seed of one sample. Keras' own generator would add an integer variable whose name differs
    from model to model.
    """

    def __init__(self, count):
        self.count = count

    def next(self, ordered=True):
        # The dtype of Keras' own generator: JAX accepts no other.
        dtype = "uint32" if keras.backend.backend() == "jax" else "int64"
        count = ops.cast(self.count, dtype)
        return ops.stack([ops.zeros_like(count), count])


class Dropout(keras.layers.Layer):
    """Zeroes values at random and scales up the others to keep the mean (Srivastava et al. 2014).

    What is dropped is a function of the weight `draws`, which counts the calls. It starts at a
    random value, so different Keras seeds drop different values. ASSUME several replicas, and
    micro-batches, may drop the same positions.

    rate: the probability of a 0, in [0, 1). Nothing happens outside of training.

    Weights, not trainable: `draws` [].
    """

    def __init__(self, rate: float, **kwargs):
        super().__init__(**kwargs)
        self.rate = rate

    def build(self, input_shape):
        start = keras.initializers.RandomUniform(0.0, FIRST_DRAWS)
        counting = {"trainable": False, "autocast": False, "aggregation": "mean"}
        self.draws = self.add_weight((), start, name="draws", **counting)

    def call(self, inputs, training=None):
        """inputs: float [B, n] -> float [B, n]."""
        if not training:
            return inputs
        self.draws.assign(self.draws + 1.0)
        chance = keras.random.uniform(ops.shape(inputs), dtype=inputs.dtype, seed=_Draw(self.draws))
        return ops.where(chance < self.rate, ops.zeros_like(inputs), inputs / (1.0 - self.rate))

    def get_config(self):
        return {**super().get_config(), "rate": self.rate}
