"""Gradients of one device's batch: at once, or part by part where memory is short."""

from collections.abc import Callable, Sequence

import keras
import tensorflow as tf

Arrays = Sequence[tf.Tensor]
"""Frames [B, T, F], num_frames [B], labels float32 [B, C] and, for a student, teacher [B, C]."""


def gradients_of(model: keras.Model, objective: Callable, batch: Arrays):
    """One pass forth and back; batch norm moves its statistics.

    objective: see `yt8m.training.step.Objective`.
    Returns (gradients in the order of the trainable variables, label loss, L2 loss,
    predictions [B, C]).
    """
    with tf.GradientTape() as tape:
        loss, label_loss, l2_loss, predictions = _losses(model, objective, batch)
    gradients = tape.gradient(loss, [v.value for v in model.trainable_variables])
    return gradients, label_loss, l2_loss, predictions


def gradients_of_parts(model: keras.Model, objective: Callable, batch: Arrays, parts: int):
    """As `gradients_of`, but never holds the activations of more than one of `parts` equal parts.

    Losses are means over videos, so the means over the parts are those of the whole batch, but for
    rounding. Batch norm is the exception: each part is normalised by its own statistics, and the
    moving statistics receive the mean of what the parts would have made of them, once, as from
    several devices. Their memory, counted in steps, stays the same.
    """
    size = tf.shape(batch[0])[0] // parts
    moving = model.non_trainable_variables
    before = [tf.convert_to_tensor(v.value) for v in moving]

    def add_part(number, sums, predictions):
        part = [array[number * size : (number + 1) * size] for array in batch]
        found, found_predictions = _of_part(model, objective, part, moving, before)
        sums = tf.nest.map_structure(tf.add, sums, found)
        return number + 1, sums, predictions.write(number, found_predictions)

    zero = tf.constant(0.0)
    nothing = (_zeros(model.trainable_variables), zero, zero, _zeros(moving))
    _, sums, predictions = tf.while_loop(
        lambda number, *_: number < parts,
        add_part,
        (tf.constant(0), nothing, tf.TensorArray(tf.float32, parts)),
        parallel_iterations=1,
    )
    gradients, label_loss, l2_loss, after = tf.nest.map_structure(lambda s: s / parts, sums)
    for variable, value in zip(moving, after, strict=True):
        variable.assign(value)
    return gradients, label_loss, l2_loss, predictions.concat()


def _of_part(model, objective, part, moving, before):
    """(gradients, label loss, L2 loss, values of `moving` variables after the part), predictions.

    The variables themselves are not written to: on several devices a write waits for all of them,
    which cannot be done inside a loop.
    """
    trainable = model.trainable_variables
    with tf.GradientTape() as tape:
        state = [(v, v.value) for v in trainable] + list(zip(moving, before, strict=True))
        with keras.StatelessScope(state, collect_losses=True) as scope:
            loss, label_loss, l2_loss, predictions = _losses(model, objective, part)
    gradients = tape.gradient(loss, [v.value for v in trainable])
    after = [scope.get_current_value(v) for v in moving]
    return (gradients, label_loss, l2_loss, after), predictions


def _zeros(variables):
    return [tf.zeros(v.shape, v.dtype) for v in variables]


def _losses(model, objective, batch):
    """(what is made small, label loss, L2 loss, predictions)."""
    frames, num_frames, labels, *teacher = batch
    predictions = model([frames, num_frames], training=True)
    label_loss, l2_loss = objective(model, predictions, labels, *(teacher or [None]))
    return label_loss + objective.regularisation * l2_loss, label_loss, l2_loss, predictions
