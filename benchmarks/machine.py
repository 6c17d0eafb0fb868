"""The limits of this machine, measured in the same run as the benchmarks."""

import time
from functools import cache

import numpy as np

from benchmarks.race import Limit


@cache
def copied_bytes_per_second() -> float:
    """Bytes per second that one thread copies from memory to memory, the best of ten."""
    source = np.ones(64 * 2**20, np.uint8)
    target = np.empty_like(source)
    return source.nbytes / min(_seconds(lambda: np.copyto(target, source)) for _ in range(10))


@cache
def flops_per_second() -> float:
    """Float32 operations per second of TensorFlow's matmul on all cores, the best of ten."""
    import tensorflow as tf

    size = 2048
    matrix = tf.random.stateless_normal((size, size), seed=(1, 1))
    product = tf.function(lambda a: tf.reduce_sum(tf.matmul(a, a)))
    product(matrix)
    return 2 * size**3 / min(_seconds(lambda: product(matrix).numpy()) for _ in range(10))


def copying_limit(bytes_each: float) -> Limit:
    """How many items of `bytes_each` bytes one thread copies per second."""
    return Limit("memory copied by one thread", copied_bytes_per_second() / bytes_each)


def sorting_limit(values: np.ndarray) -> Limit:
    """How many values numpy sorts per second, the best of three."""
    seconds = min(_seconds(lambda: np.sort(values)) for _ in range(3))
    return Limit("values sorted", len(values) / seconds)


def predicting_limit(entry: dict, schema) -> Limit:
    """How many of the longest videos per second a model predicts if only matmuls took time.

    entry: the model's entry. schema: `yt8m.data.schema.Schema`.
    """
    return Limit("matrix products on all cores", 1 / _seconds_of_products(_costs(entry, schema)))


def training_limit(entry: dict, schema, videos: int) -> Limit:
    """The same for training on `videos` per step: three times the products, and the optimiser.

    It reads and writes weights and both moments; gradients are written and read at least once.
    """
    costs = _costs(entry, schema)
    traffic = 8 * 4 * costs.parameters / (2 * copied_bytes_per_second())
    seconds = 3 * videos * _seconds_of_products(costs) + traffic
    return Limit("matrix products, and the optimiser's arrays through memory", videos / seconds)


def _seconds_of_products(costs) -> float:
    return 2 * costs.multiply_adds / flops_per_second()


def _costs(entry: dict, schema):
    from yt8m.config.training import Training
    from yt8m.describing.costs import costs_of
    from yt8m.recipes import read_recipe

    return costs_of(read_recipe("yt8m.models", entry, "benchmark"), schema, Training())


def _seconds(work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
