"""Losses of multi-label classification: from probabilities [B, C] and labels [B, C] to a scalar."""

from keras import ops

from yt8m.metrics.cross_entropy import EPSILON

SMALLEST_SUM = 1e-7
"""Least divisor of labels, so that a video without labels has zeros."""


def cross_entropy(predictions, labels):
    """Binary cross-entropy, summed over classes, mean over videos.

    predictions: float [B, C], probabilities. labels: float [B, C], 0 or 1 (or a teacher's
        probabilities). Returns a scalar.
    """
    found = labels * ops.log(predictions + EPSILON)
    left_out = (1.0 - labels) * ops.log(1.0 - predictions + EPSILON)
    return ops.mean(ops.sum(-(found + left_out), axis=1))


def hinge(predictions, labels, margin: float = 1.0):
    """Hinge loss, summed over classes, mean over videos.

    predictions: float [B, C], probabilities or logits. labels: float [B, C], 0 or 1.
    margin: distance from 0, on the correct side, from which a class costs nothing. Probabilities
        reach a margin of 1 for labels only, and 0 costs 1 for all other classes, as in the
        original.
    """
    signs = 2.0 * labels - 1.0
    return ops.mean(ops.sum(ops.relu(margin - signs * predictions), axis=1))


def softmax(predictions, labels):
    """Cross-entropy of the softmax over classes against equally weighted labels, mean over videos.

    predictions: float [B, C], logits; the original passes probabilities nevertheless, whose softmax
        is never close to 1. labels: float [B, C], 0 or 1; a video without labels costs nothing.
    """
    shares = labels / ops.maximum(ops.sum(labels, axis=1, keepdims=True), SMALLEST_SUM)
    return ops.mean(-ops.sum(shares * ops.log_softmax(predictions, axis=1), axis=1))


LOSSES = {"cross_entropy": cross_entropy, "hinge": hinge, "softmax": softmax}
"""Losses by the values of `training.loss`."""


def distillation_loss(predictions, labels, teacher, teacher_weight: float):
    """Cross-entropy against the teacher and against the labels, weighted.

    `teacher_weight * xent(teacher) + (1 - teacher_weight) * xent(labels)`; Hinton, Vinyals, Dean,
    "Distilling the Knowledge in a Neural Network", 2015, at temperature 1, as Skalic & Austin.

    predictions, labels, teacher: float [B, C]. Returns a scalar.
    """
    soft = cross_entropy(predictions, teacher)
    hard = cross_entropy(predictions, labels)
    return teacher_weight * soft + (1.0 - teacher_weight) * hard
