"""Gradients of one device's batch: at once, or in micro-batches to save memory."""

from collections.abc import Callable, Sequence

import keras
import tensorflow as tf

Arrays = Sequence[tf.Tensor]
"""Frames [B, T, F], num_frames [B], labels float32 [B, C] and, for a student, teacher [B, C]."""


class Gradients:
    """One forward and backward pass, which updates the statistics of batch norm.

    model: its trainable variables are differentiated.
    objective: see `yt8m.training.step.Objective`.
    parts: number of equal micro-batches, of which only one at a time has activations in memory.
        Losses are means over videos, so their means over micro-batches equal those of the whole
        batch, up to rounding. Batch norm is the exception: each micro-batch is normalised by its
        own statistics, and the moving statistics are set to the mean of the micro-batches' updates,
        as with several devices. Their decay per step stays the same.
    xla: compile the pass with XLA, once per batch shape; None to set it before the first call.
    """

    def __init__(
        self,
        model: keras.Model,
        objective: Callable,
        parts: int = 1,
        xla: bool | None = False,
    ):
        self._model, self._objective, self._parts, self.xla = model, objective, parts, xla
        self._by_xla = tf.function(self._of_part, jit_compile=True, autograph=False)

    def __call__(self, batch: Arrays):
        """Call inside a `tf.function`.

        Returns (gradients in the order of the trainable variables, label loss, L2 loss,
        predictions [B, C]).
        """
        moving = self._model.non_trainable_variables
        (gradients, label_loss, l2_loss, after), predictions = self.without_update(batch, self.xla)
        for variable, value in zip(moving, after, strict=True):
            variable.assign(value)
        return gradients, label_loss, l2_loss, predictions

    def without_update(self, batch: Arrays, xla: bool):
        """(gradients, label loss, L2 loss, moving variables afterwards), predictions.

        Call inside a `tf.function`. No variable is written.
        """
        model = self._model
        frames, num_frames, labels, *teacher = batch
        batch = [frames, num_frames, tf.cast(labels, tf.float32), *teacher]
        weights = [tf.convert_to_tensor(v.value) for v in model.trainable_variables]
        before = [tf.convert_to_tensor(v.value) for v in model.non_trainable_variables]
        of_part = self._by_xla if xla else self._of_part
        if self._parts == 1:
            return of_part(weights, before, batch)
        return self._of_parts(of_part, weights, before, batch)

    def _of_parts(self, of_part: Callable, weights: Arrays, before: Arrays, batch: Arrays):
        """The mean over the micro-batches, and all predictions."""
        size = tf.shape(batch[0])[0] // self._parts

        def add_part(number, sums, predictions):
            part = [array[number * size : (number + 1) * size] for array in batch]
            found, found_predictions = of_part(weights, before, part)
            sums = tf.nest.map_structure(tf.add, sums, found)
            return number + 1, sums, predictions.write(number, found_predictions)

        zero = tf.constant(0.0)
        nothing = (_zeros(weights), zero, zero, _zeros(before))
        _, sums, predictions = tf.while_loop(
            lambda number, *_: number < self._parts,
            add_part,
            (tf.constant(0), nothing, tf.TensorArray(tf.float32, self._parts)),
            parallel_iterations=1,
        )
        return tf.nest.map_structure(lambda s: s / self._parts, sums), predictions.concat()

    def _of_part(self, weights: Arrays, before: Arrays, batch: Arrays):
        """The same of a micro-batch, as a pure function: no variable is read or written.

        On several devices, a write synchronises all of
        them, which is possible neither inside a loop nor in XLA.
        """
        model = self._model
        frames, num_frames, labels, *teacher = batch
        with tf.GradientTape() as tape:
            tape.watch(weights)
            state = [
                *zip(model.trainable_variables, weights, strict=True),
                *zip(model.non_trainable_variables, before, strict=True),
            ]
            with keras.StatelessScope(state, collect_losses=True) as scope:
                predictions = model([frames, num_frames], training=True)
                terms = self._objective(model, predictions, labels, *(teacher or [None]))
            label_loss, l2_loss = terms
            loss = label_loss + self._objective.regularisation * l2_loss
        gradients = tape.gradient(loss, weights)
        after = [scope.get_current_value(v) for v in model.non_trainable_variables]
        return (gradients, label_loss, l2_loss, after), predictions


def _zeros(arrays: Arrays) -> list[tf.Tensor]:
    return [tf.zeros(a.shape, a.dtype) for a in arrays]
