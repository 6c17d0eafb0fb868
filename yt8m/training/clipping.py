"""Clipping of gradients per matrix."""

from collections import defaultdict
from collections.abc import Sequence

import tensorflow as tf


def clip_groups(paths: Sequence[str]) -> list[str]:
    """For each variable, the name of the group that is clipped together.

    A group is one variable, except in an LSTM cell: the original stores its two matrices as one of
    [inputs + cells, 4 * cells], so they are clipped together. Our GRU has the original's layout
    and needs no groups.
    """
    return [path.replace("/recurrent_kernel", "/kernel") for path in paths]


def clip_by_norm(
    gradients: Sequence[tf.Tensor], groups: Sequence[str], norm: float
) -> list[tf.Tensor]:
    """Gradients with each group scaled down to the Euclidean norm `norm` if it is larger."""
    squares = defaultdict(list)
    for gradient, group in zip(gradients, groups, strict=True):
        squares[group].append(
            2.0 * tf.nn.l2_loss(gradient)
        )  # without allocating an array of squares
    scales = {
        group: norm / tf.maximum(tf.sqrt(tf.add_n(parts)), norm) for group, parts in squares.items()
    }
    return [_scaled(g, scales[group]) for g, group in zip(gradients, groups, strict=True)]


def _scaled(gradient: tf.Tensor, scale: tf.Tensor) -> tf.Tensor:
    """Their product; without a copy if the scale is 1."""
    return tf.cond(scale < 1.0, lambda: gradient * scale, lambda: gradient)
