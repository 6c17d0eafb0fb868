"""What is probably not meant in a schedule, given the length of a phase: sentences for people.

They begin with the name of a setting of the model.
"""

import math
from typing import Any

from yt8m.alternatives import Alternatives
from yt8m.config.training import DECAY, MEMORY, STATISTICS, Averaging, Training
from yt8m.mistakes import number
from yt8m.training.durations import (
    AVERAGE_MEMORY,
    DECAY_INTERVAL,
    STATISTICS_DECAY,
    Length,
    average_decay,
    decay_interval,
    memory_of,
    statistics_decay,
)

SMALL = 1e-3
"""Share of the initial learning rate below which hardly anything is learned."""

EARLY = 0.5
"""Share of the run before which a rate that is small wastes time."""

MEMORIES = 5
"""A moving average that starts anywhere is near its values after this many memories: 0.7 % off."""


def rate_warnings(training: Training, length: Length) -> list[str]:
    """If training of this length ends before the rate decays, or goes on long after that."""
    if training.decay == 1.0:
        return []
    interval, given = decay_interval(training, length), _given(DECAY, training, DECAY_INTERVAL)
    if interval >= length.videos:
        return [
            f"training.{given}: the learning rate never decays, since training ends after "
            f"{number(length.videos)} videos; give a smaller interval, or a decay of 1"
        ]
    decays = math.ceil(math.log(SMALL) / math.log(training.decay))
    small_from = decays * interval / length.videos
    if small_from >= EARLY:
        return []
    return [
        f"training.{given}: the learning rate is less than {SMALL:g} of its start after "
        f"{small_from:.0%} of training; give a larger interval, or a decay closer to 1"
    ]


def average_warnings(averaging: Averaging, length: Length) -> list[str]:
    """If the phase of averaging is shorter than the memory of the exponential average."""
    memory = memory_of(average_decay(averaging, length))
    if averaging.average != "exponential" or memory <= length.steps:
        return []
    return [
        f"ema.{_given(MEMORY, averaging, AVERAGE_MEMORY)}: the average remembers "
        f"{number(round(memory))} steps, but the phase has only {number(length.steps)}, so it "
        "stays near the weights that it starts from; give a shorter memory, or a larger ema.epochs"
    ]


def statistics_warnings(training: Training, length: Length) -> list[str]:
    """If a phase is too short for the moving statistics of batch norm."""
    batch_norm = training.batch_norm
    memory = memory_of(statistics_decay(batch_norm, length))
    if batch_norm.warm_up or length.steps >= MEMORIES * memory:
        return []
    return [
        f"training.batch_norm.{_given(STATISTICS, batch_norm, STATISTICS_DECAY)}: batch norm "
        f"averages over {memory:.0f} steps, but training takes only {length.steps}: evaluation may "
        "be far worse than training. Set training.batch_norm.warm_up to true, or use a shorter "
        "memory"
    ]


def _given(group: Alternatives, settings: Any, default: tuple[str, float]) -> str:
    """Such as "decay_videos 6,000"."""
    word, value = group.chosen(settings, default)
    return f"{word} {number(value)}"
