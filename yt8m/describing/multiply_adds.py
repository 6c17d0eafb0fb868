"""The number of multiply-adds of a prediction, counted in its graph."""

import math

import tensorflow as tf

from yt8m.describing.operations import elements, inside, is_loop, needed
from yt8m.errors import ConfigError


def multiply_adds(graph, frames: int) -> int:
    """Multiply-adds in all matrix products and convolutions.

    Elementwise operations (sums, roots, sigmoids) are not counted, since they are few in
    comparison. ASSUME a loop is over frames: its body counts `frames` times.
    """
    total = 0
    for operation in needed(graph):
        within = max((multiply_adds(g, frames) for g in inside(operation)), default=0)
        total += within * (frames if is_loop(operation) else 1)
        total += COUNTS.get(operation.type, _nothing)(operation)
    return total


def _nothing(operation: tf.Operation) -> int:
    return 0


def _matrices(operation: tf.Operation) -> int:
    """[..., n, k] times [..., k, m]: k for each element of the result."""
    words = {"MatMul": "transpose_a", "BatchMatMulV2": "adj_x", "BatchMatMulV3": "adj_x"}
    turned = operation.get_attr(words[operation.type])
    contracted = operation.inputs[0].shape[-2 if turned else -1]
    return elements(operation.outputs[0]) * contracted


def _einsum(operation: tf.Operation) -> int:
    """One per combination of all the indices."""
    terms = operation.get_attr("equation").decode().split("->")[0].split(",")
    sizes = {
        letter: size
        for term, tensor in zip(terms, operation.inputs, strict=True)
        for letter, size in zip(term, tensor.shape, strict=True)
    }
    return math.prod(sizes.values())


def _convolution(operation: tf.Operation) -> int:
    """The kernel's size without its output channels, per element of the result."""
    return elements(operation.outputs[0]) * math.prod(operation.inputs[1].shape[:-1])


def _refused(operation: tf.Operation) -> int:
    raise ConfigError(f"{operation.name}: {operation.type} cannot be counted; hide the GPUs first")


COUNTS = {
    "MatMul": _matrices,
    "BatchMatMulV2": _matrices,
    "BatchMatMulV3": _matrices,
    "Einsum": _einsum,
    "Conv2D": _convolution,
    "Conv3D": _convolution,
    "CudnnRNNV3": _refused,
}
"""Types of operations with multiply-adds, and functions that count these."""
