"""Dropout whose draws belong to the weights, so that a resumed training repeats them."""

import keras
from keras import ops

FIRST_DRAWS = 2.0**16
"""Counts start below this; a float32 counts on by ones up to 2**24 steps."""


class _Draw(keras.random.SeedGenerator):
    """The seed of one draw. Keras's own generator adds a variable, which Keras names anew in every
    model and which is no float.
    """

    def __init__(self, count):
        self.count = count

    def next(self, ordered=True):
        # What Keras' own generator holds: JAX takes no other type.
        dtype = "uint32" if keras.backend.backend() == "jax" else "int64"
        count = ops.cast(self.count, dtype)
        return ops.stack([ops.zeros_like(count), count])


class Dropout(keras.layers.Layer):
    """Each value 0 with a chance, the others scaled up to keep the mean (Srivastava et al. 2014).

    The draw is a function of the weight `draws`, which counts them. It starts at random, so that
    other seeds of Keras drop other values. ASSUME several replicas, and parts of a batch,
    may drop the same places.

    rate: the chance, in [0, 1). Nothing happens outside of training.

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
