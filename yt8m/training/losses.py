"""Losses of multi-label classification, on probabilities."""

from keras import ops

EPSILON = 1e-5
"""Added inside both logarithms, as the original does; bounds the loss of a sure mistake by 11.5."""


def cross_entropy(predictions, labels):
    """Binary cross-entropy, summed over classes, mean over videos.

    predictions: float [B, C], probabilities. labels: float [B, C], 0 or 1 (or a teacher's
    probabilities). Returns a scalar.
    """
    found = labels * ops.log(predictions + EPSILON)
    left_out = (1.0 - labels) * ops.log(1.0 - predictions + EPSILON)
    return ops.mean(ops.sum(-(found + left_out), axis=1))


def distillation_loss(predictions, labels, teacher, teacher_weight: float):
    """Cross-entropy against the teacher and against the labels, weighted.

    `teacher_weight * xent(teacher) + (1 - teacher_weight) * xent(labels)`; Hinton, Vinyals, Dean,
    "Distilling the Knowledge in a Neural Network", 2015, at temperature 1, as Skalic & Austin.

    predictions, labels, teacher: float [B, C]. Returns a scalar.
    """
    soft = cross_entropy(predictions, teacher)
    hard = cross_entropy(predictions, labels)
    return teacher_weight * soft + (1.0 - teacher_weight) * hard
