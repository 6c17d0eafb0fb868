"""Initialisers, and the base class of layers that read a mask.

Each call of `spread` and `glorot` makes a new initialiser: one used twice repeats its values.
"""

import math

import keras


def spread(size: int) -> keras.Initializer:
    """Normal with variance 1 / size: a vector of unit length keeps its scale."""
    return keras.initializers.RandomNormal(stddev=1.0 / math.sqrt(size))


def glorot(inputs: int, outputs: int) -> keras.Initializer:
    """Uniform with variance 2 / (inputs + outputs) (Glorot & Bengio 2010, equation 16)."""
    limit = math.sqrt(6.0 / (inputs + outputs))
    return keras.initializers.RandomUniform(-limit, limit)


class MaskedLayer(keras.layers.Layer):
    """A layer that takes its mask as an argument and does not pass it on.

    Keras would otherwise attach a mask of frames to results that no longer have frames.
    """

    def compute_mask(self, inputs, previous_mask=None):
        return None
