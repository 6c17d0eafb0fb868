"""Initialisers. Each call makes a new one, because an initialiser used twice repeats its values."""

import math

import keras


def spread(size: int) -> keras.Initializer:
    """Normal with variance 1 / size: a vector of unit length keeps its scale."""
    return keras.initializers.RandomNormal(stddev=1.0 / math.sqrt(size))


def glorot(inputs: int, outputs: int) -> keras.Initializer:
    """Uniform with variance 2 / (inputs + outputs) (Glorot & Bengio 2010, equation 16)."""
    limit = math.sqrt(6.0 / (inputs + outputs))
    return keras.initializers.RandomUniform(-limit, limit)
