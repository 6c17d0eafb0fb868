"""What this machine can do at most, measured in the same run as all else."""

import time
from functools import cache

import numpy as np

from benchmarks.race import Limit


@cache
def copied_bytes_per_second() -> float:
    """Bytes that one thread copies from memory to memory, the best of ten."""
    source = np.ones(64 * 2**20, np.uint8)
    target = np.empty_like(source)
    return source.nbytes / min(_seconds(lambda: np.copyto(target, source)) for _ in range(10))


@cache
def flops_per_second() -> float:
    """Float32 operations of TensorFlow's matrix product on all cores, the best of ten."""
    import tensorflow as tf

    size = 2048
    matrix = tf.random.stateless_normal((size, size), seed=(1, 1))
    product = tf.function(lambda a: tf.reduce_sum(tf.matmul(a, a)))
    product(matrix)
    return 2 * size**3 / min(_seconds(lambda: product(matrix).numpy()) for _ in range(10))


def matmul_limit(entry: dict, schema, passes: int) -> Limit:
    """How many of the longest videos a second a model takes if products are all there is to do.

    entry: of the model. schema: `yt8m.data.schema.Schema`. passes: over the model, of which
    predicting is one and training three.
    """
    from yt8m.config.settings import Training
    from yt8m.describing.costs import costs_of
    from yt8m.recipes import read_recipe

    recipe = read_recipe("yt8m.models", entry, "benchmark")
    operations = 2 * passes * costs_of(recipe, schema, Training()).multiply_adds
    return Limit("matrix products on all cores", flops_per_second() / operations)


def _seconds(work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
