"""Gradients clipped matrix by matrix."""

from collections import defaultdict
from collections.abc import Sequence

import tensorflow as tf


def clip_groups(paths: Sequence[str]) -> list[str]:
    """For each variable, the name of the group that is clipped as one.

    A group is a variable, except in an LSTM cell: the original holds its two matrices as one of
    [inputs + cells, 4 * cells], so they are clipped together. A GRU of ours is laid out as the
    original's and needs no groups.
    """
    return [path.replace("/recurrent_kernel", "/kernel") for path in paths]


def clip_by_norm(
    gradients: Sequence[tf.Tensor], groups: Sequence[str], norm: float
) -> list[tf.Tensor]:
    """Each group of gradients, scaled down to Euclidean norm `norm` when it is longer."""
    squares = defaultdict(list)
    for gradient, group in zip(gradients, groups, strict=True):
        squares[group].append(2.0 * tf.nn.l2_loss(gradient))  # without an array of squares
    scales = {
        group: norm / tf.maximum(tf.sqrt(tf.add_n(parts)), norm) for group, parts in squares.items()
    }
    return [g * scales[group] for g, group in zip(gradients, groups, strict=True)]
