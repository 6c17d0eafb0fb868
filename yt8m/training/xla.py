"""Whether XLA makes the steps of a model faster on the device where it trains: measured there."""

import time
from collections.abc import Callable, Sequence
from statistics import median

import tensorflow as tf

from yt8m.stderr import say
from yt8m.training.step import TrainingStep

ROUNDS = 5
"""Passes of either kind, after one that compiles."""

GAIN = 1.05
"""Ratio of times from which XLA is used; less is within the spread of such a measurement."""


def is_faster_with_xla(step: TrainingStep, batch: list, title: str) -> bool:
    """Whether XLA makes the forward and backward passes of a step faster; says what was measured.

    It is not used if it fails, such as for an operation that it does not have. Nothing is updated.

    batch: one that is placed. title: of the phase.
    """
    own = [step.strategy.experimental_local_results(value)[0] for value in batch]
    plain, by_xla = (_compiled(step, xla) for xla in (False, True))
    plain(own)
    try:
        by_xla(own)
    except tf.errors.OpError as error:
        say(f"{title}: XLA is not used, since it fails: {error.message.splitlines()[0]}")
        return False
    without, with_xla = _seconds([plain, by_xla], own)
    faster = without >= GAIN * with_xla
    say(
        f"{title}: forward and backward take {1e3 * without:.3g} ms, and {1e3 * with_xla:.3g} ms "
        f"with XLA, which is {'' if faster else 'not '}used"
    )
    return faster


def _seconds(passes: Sequence[Callable], own: list) -> list[float]:
    """The median seconds of compiled passes on one device, in turns."""
    times: list[list[float]] = [[] for _ in passes]
    for _ in range(ROUNDS):
        for one, found in zip(passes, times, strict=True):
            start = time.perf_counter()
            (_, loss, *_), _ = one(own)
            loss.numpy()  # waits for the device
            found.append(time.perf_counter() - start)
    return [median(found) for found in times]


def _compiled(step: TrainingStep, xla: bool):
    return tf.function(lambda batch: step.gradients.without_update(batch, xla), autograph=False)
