"""The training loop, which can resume at any step."""

import warnings
from contextlib import closing
from functools import partial

import keras
import numpy as np
import tensorflow as tf

from yt8m.config.training import Training
from yt8m.data.order import batches, epoch_order, rows_of
from yt8m.data.readers import Readers
from yt8m.data.records import Records
from yt8m.data.sampling import FrameSampler
from yt8m.data.schema import Batch
from yt8m.errors import TrainingError
from yt8m.layers.normalisation import BatchNorm
from yt8m.training.averaging import check_length
from yt8m.training.durations import Length, decay_interval, length_of, statistics_decay
from yt8m.training.history import History, NoHistory
from yt8m.training.interruption import Interrupted, StopRequest
from yt8m.training.placing import with_next_placed
from yt8m.training.schedule import staircase
from yt8m.training.schedule_warnings import statistics_warnings
from yt8m.training.state import State
from yt8m.training.step import TrainingStep
from yt8m.training.task import Measuring, Phase
from yt8m.training.tensorboard import Events
from yt8m.training.validating import Validator, copy_of
from yt8m.training.workers.team import Alone, Team, Verdict
from yt8m.training.xla import is_faster_with_xla


def fit(
    step: TrainingStep,
    records: Records,
    settings: Training,
    phase: Phase,
    state: State,
    tensorboard: Events | None = None,
    sample: Measuring | None = None,
    team: Team | None = None,
) -> History:
    """Run a phase of training on `records`, which updates the model (and averages) of `step`.

    The order of the videos and the sampled frames depend only on (seed, epoch, step), and the state
    is saved periodically, so an interrupted and resumed phase ends bit-identical to an
    uninterrupted one.

    sample: what `settings.validate` measures on. With `keep: best`, `state.best` holds the result
        of the phase; otherwise it is what the model (and averages) hold at the end.
    team: the workers that train together; None for this process alone. All but the chief return an
        empty history, and neither save nor measure anything.
    Raises TrainingError if the loss is not finite, there is less than one batch of videos or the
    phase ends before it averages anything; Interrupted after a SIGTERM, SIGINT or SIGHUP (the state
    is saved first).
    """
    team = team or Alone()
    videos_per_step = settings.batch_size * step.strategy.num_replicas_in_sync
    rows_read = rows_of(team.number, team.count, videos_per_step)
    length = phase_length(records, settings, phase, step.strategy.num_replicas_in_sync)
    total = length.steps
    check_length(step.averaging, phase.title, total)
    _set_batch_norm(step.model, settings, length)
    validator = _validator(settings, sample, step, length)
    interval = decay_interval(settings, length)
    done, rows = state.restore(step)
    kept = History(phase.title, total, rows, tensorboard) if team.is_chief else NoHistory()
    todo = _remaining_batches(records, settings, videos_per_step, done, total, rows_read)
    with kept as history, StopRequest() as stop, closing(todo) as remaining:
        history.start_clock(done * videos_per_step)
        for (position, batch), on_devices in with_next_placed(remaining, partial(_placed, step)):
            if step.gradients.xla is None:
                choose = partial(is_faster_with_xla, step, on_devices, phase.title)
                step.gradients.xla = history.paused(partial(team.chosen, choose))
                if team.is_chief:  # the choice, so that it is made only once
                    state.save(step, position, history.rows)
            rate = staircase(
                position,
                initial=phase.learning_rate,
                decay=settings.decay,
                videos_per_step=videos_per_step,
                decay_videos=interval,
            )
            loss, l2_loss, predictions = step.run(on_devices, rate, position)
            done = position + 1
            due = validator is not None and validator.is_due(done)
            measures = due and team.is_chief
            if due or done % settings.log_steps == 0 or done == total or done == 1:
                _check_finite(float(loss), phase.title, done, rate)
                history.add(
                    *team.gathered(predictions.numpy(), batch.labels),
                    step=done,
                    epoch=round(done / length.steps_per_epoch, 4),
                    videos=done * videos_per_step,
                    learning_rate=rate,
                    loss=float(loss),
                    l2_loss=float(l2_loss),
                    **(history.paused(validator.measure) if measures else {}),
                )
            if measures and validator.is_to_keep(history.rows):
                state.best = copy_of(step)
            over = done == total or (measures and validator.is_over(history.rows))
            verdict = team.agree(Verdict(over, stop.received, state.is_due()))
            if verdict.over:
                break
            if verdict.stop or verdict.save:
                _check_finite(float(loss), phase.title, done, rate)
                if team.is_chief:
                    state.save(step, done, history.rows)
            if verdict.stop:
                raise Interrupted(f"{phase.title}: stopped at step {done} of {total}; state saved")
        if validator is not None and team.is_chief:
            history.finish(validator.kept(history.rows))
    return history


def _validator(
    settings: Training, sample: Measuring | None, step: TrainingStep, length: Length
) -> Validator | None:
    if settings.validate is None or sample is None:
        return None
    return Validator(settings.validate, sample, step, length.steps_per_epoch, length.steps)


def phase_length(records: Records, settings: Training, phase: Phase, devices: int) -> Length:
    """The length of a phase on these records. Raises TrainingError without a whole batch."""
    length = length_of(phase.epochs, len(records), settings.batch_size * devices)
    if not length.steps:
        raise TrainingError(
            f"{phase.title}: {len(records)} videos are less than one batch of "
            f"{length.videos_per_step}; add videos or lower training.batch_size"
        )
    return length


def _remaining_batches(
    records, settings: Training, videos_per_step: int, done: int, total: int, rows: slice
):
    """(position, batch) of every remaining step, in the order given by the seed.

    rows: of each batch.
    """
    steps_per_epoch = len(records) // videos_per_step
    with Readers(records) as readers:
        for epoch in range(done // steps_per_epoch, total // steps_per_epoch):
            start = max(done - epoch * steps_per_epoch, 0)
            order = epoch_order(
                records.manifest.shard_sizes, settings.seed, epoch, settings.shuffle_window
            )
            sampler = _sampler(settings, epoch, rows.start)
            stream = batches(
                *(records, videos_per_step, order, start, True, sampler),
                rows=rows,
                readers=readers,
            )
            for offset, batch in enumerate(stream, start):
                yield epoch * steps_per_epoch + offset, batch


def _placed(step: TrainingStep, item: tuple[int, Batch]) -> list:
    """The batch of a position on the devices of a step."""
    _, batch = item
    return step.placed(batch.frames, batch.num_frames, batch.labels, batch.teacher)


def _sampler(settings: Training, epoch: int, first: int):
    """(step of the epoch, num_frames [B]) -> indices of frames [B, n]; None takes all frames.

    first: row of the first of these videos in the whole batch.
    """
    chosen = settings.frames
    if chosen.kind == "all":
        return None
    sampler = FrameSampler(chosen.kind, chosen.count, settings.seed)
    return partial(sampler.sample, epoch, first=first)


def _set_batch_norm(model: keras.Model, settings: Training, length: Length) -> None:
    """Set the decay of every batch norm; warn if it is too close to 1 for a phase this long."""
    layers = [layer for layer in model._flatten_layers() if isinstance(layer, BatchNorm)]
    for layer in layers:
        layer.decay = statistics_decay(settings.batch_norm, length)
        layer.warm_up = settings.batch_norm.warm_up
    for text in statistics_warnings(settings, length) if layers else ():
        warnings.warn(text, stacklevel=3)
    if layers and settings.batch_size == settings.micro_batches:
        warnings.warn(
            f"training.micro_batches {settings.micro_batches} leaves 1 video per micro-batch, "
            "whose values batch norm makes constant. Use fewer micro-batches or a larger "
            "batch_size.",
            stacklevel=3,
        )


def _check_finite(loss: float, title: str, step: int, rate: float) -> None:
    if not np.isfinite(loss):
        raise TrainingError(
            f"{title}: the loss is {loss} at step {step} (learning rate {rate:.2e}); "
            "lower training.learning_rate or look for damaged records with `yt8m records inspect`"
        )


def make_deterministic(seed: int) -> None:
    """Make runs on one machine reproducible to the bit. Call once, before building a model."""
    keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()
