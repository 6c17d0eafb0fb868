"""One compiled optimiser step, on one device or on all of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import keras
import tensorflow as tf

from yt8m.config.training import Averaging
from yt8m.training.adam import Adam
from yt8m.training.averaging import follower
from yt8m.training.clipping import clip_by_norm, clip_groups
from yt8m.training.durations import Length
from yt8m.training.gradients import Gradients
from yt8m.training.losses import LOSSES, distillation_loss
from yt8m.training.parameters import parameters_of
from yt8m.training.placing import placed


@dataclass(frozen=True)
class Objective:
    """The loss that a step minimises.

    regularisation: weight of the model's L2 penalties. teacher_weight: see `distillation_loss`;
        None without a teacher. loss: against the labels without a teacher, a key of `LOSSES`.
    """

    regularisation: float = 1.0
    teacher_weight: float | None = None
    loss: str = "cross_entropy"

    def __call__(self, model, predictions, labels, teacher):
        """(loss against labels and teacher, L2 loss), two scalars."""
        if self.teacher_weight is None:
            label_loss = LOSSES[self.loss](predictions, labels)
        else:
            label_loss = distillation_loss(predictions, labels, teacher, self.teacher_weight)
        return label_loss, tf.add_n(model.losses) if model.losses else tf.constant(0.0)


class TrainingStep:
    """Forward and backward pass, clipping, Adam and optionally averaging of weights, as one graph.

    Gradients of several devices are summed, then clipped, as in the original's towers. A batch is
    split evenly over the devices. Create it under `strategy.scope()`, after the model.

    averaging: if given, `averages` are updated by it for all of the model's variables.
    micro_batches: number of parts of a device's batch that are processed in sequence to save
        memory; must divide that batch (see `Gradients`).
    xla: compile the forward and backward passes with XLA; None to set `gradients.xla` later,
        before the first step.
    stored: encoded variables (`Encoded`) by path, whose codebooks are trained.
    length: of the phase; needed if the memory of `averaging` is in epochs or a share.
    """

    def __init__(
        self,
        model: keras.Model,
        objective: Objective,
        clip_norm: float,
        averaging: Averaging | None = None,
        strategy: tf.distribute.Strategy | None = None,
        micro_batches: int = 1,
        xla: bool | None = False,
        stored: Mapping = MappingProxyType({}),
        length: Length | None = None,
    ):
        self.model, self.objective, self.averaging = model, objective, averaging
        self._length = length
        self.strategy = strategy or tf.distribute.get_strategy()
        self.learning = parameters_of(model, stored)
        self.adam = Adam([p.variable for p in self.learning])
        self._groups = clip_groups([p.path for p in self.learning])
        self._clip_norm = clip_norm
        self.gradients = Gradients(model, objective, micro_batches, xla)
        self.averages = []
        if averaging is not None:
            self.averages = [
                tf.Variable(v.value, dtype=v.dtype, trainable=False) for v in model.variables
            ]
        self._compiled = tf.function(self._everywhere, reduce_retracing=True, autograph=False)

    def __call__(self, frames, num_frames, labels, teacher, learning_rate: float, step: int):
        """Train on one batch; see `placed` and `run`."""
        return self.run(self.placed(frames, num_frames, labels, teacher), learning_rate, step)

    def placed(self, frames, num_frames, labels, teacher) -> list:
        """A batch on the devices, as `run` takes it. Any thread may do it.

        frames: uint8 or float32 [B, T, F]. num_frames: int32 [B]. labels: bool [B, C].
        teacher: float32 [B, C] or None. With several processes, they are the part of this one.
        """
        arrays = [frames, num_frames, labels] + ([] if teacher is None else [teacher])
        return [placed(array, self.strategy) for array in arrays]

    def run(self, batch: list, learning_rate: float, step: int):
        """Train on a batch that is `placed`; `step` is 0 for the first.

        Returns (label loss, L2 loss, predictions [B, C]); losses are means over all processes.
        """
        rate = tf.constant(learning_rate, tf.float32)
        count = tf.constant(step + 1, tf.float32)
        return self._compiled(rate, count, *batch)

    def values(self) -> list:
        """The averages, or else the weights, in the order of the model's variables."""
        return self.averages or [v.value for v in self.model.variables]

    def _everywhere(self, rate, count, *batch):
        results = self.strategy.run(self._one_device, (rate, count, *batch))
        label_loss, l2_loss, predictions = results
        mean = tf.distribute.ReduceOp.MEAN
        return (
            self.strategy.reduce(mean, label_loss, axis=None),
            self.strategy.reduce(mean, l2_loss, axis=None),
            tf.concat(self.strategy.experimental_local_results(predictions), axis=0),
        )

    def _one_device(self, rate, count, *batch):
        gradients, label_loss, l2_loss, predictions = self._differentiate(batch)
        of = dict(zip([v.path for v in self.model.trainable_variables], gradients, strict=True))
        gradients = [p.gradient(of[p.path]) for p in self.learning]
        context = tf.distribute.get_replica_context()
        gradients = context.all_reduce(tf.distribute.ReduceOp.SUM, gradients)
        gradients = clip_by_norm(gradients, self._groups, self._clip_norm)
        context.merge_call(self._update, args=(gradients, rate, count))
        return label_loss, l2_loss, predictions

    def _differentiate(self, batch):
        return self.gradients(batch)

    def _update(self, strategy, gradients, rate, count):
        self.adam.apply(strategy, gradients, rate, count)
        for parameter in self.learning:
            parameter.write(strategy)
        if self.averaging is None:
            return
        follow = follower(self.averaging, self._length)
        for average, variable in zip(self.averages, self.model.variables, strict=True):
            strategy.extended.update(average, follow, args=(variable.value, count), group=False)


def available_strategy() -> tf.distribute.Strategy:
    """All visible GPUs mirrored, if there are several; otherwise the only device."""
    if len(tf.config.get_visible_devices("GPU")) > 1:
        return tf.distribute.MirroredStrategy()
    return tf.distribute.get_strategy()
