"""Durations of a schedule in videos and steps, however the settings give them.

Shares are of a phase: of training, of averaging or of fine-tuning, each of which starts anew.
"""

import math
from dataclasses import dataclass

from yt8m.config.training import (
    DECAY,
    MEMORY,
    MOST_STEPS,
    STATISTICS,
    Averaging,
    BatchNormalisation,
    Training,
)

# What holds if the settings give none of the alternatives.
DECAY_INTERVAL = ("decay_share", 0.1)
AVERAGE_MEMORY = ("memory_share", 0.2)
STATISTICS_DECAY = ("decay", 0.999)

DIGITS = 6
"""Digits after the point to which a product with a share counts: 0.7 * 10 is 7, not above it."""


@dataclass(frozen=True)
class Length:
    """How long a phase of training is.

    epochs: passes over the records. steps_per_epoch: whole batches in them; 0 if they are less than
        one. videos_per_step: on all devices together.
    """

    epochs: int
    steps_per_epoch: int
    videos_per_step: int

    @property
    def steps(self) -> int:
        """All steps of the phase."""
        return self.epochs * self.steps_per_epoch

    @property
    def videos_per_epoch(self) -> int:
        """Videos that the steps of one epoch see."""
        return self.steps_per_epoch * self.videos_per_step

    @property
    def videos(self) -> int:
        """Videos that all steps see, counting repetitions."""
        return self.epochs * self.videos_per_epoch


def length_of(epochs: int, videos: int, videos_per_step: int) -> Length:
    """The length of a phase of `epochs` passes over `videos` videos."""
    return Length(epochs, videos // videos_per_step, videos_per_step)


def decay_interval(training: Training, length: Length) -> int:
    """Videos between two decays of the learning rate, 1 or more; parts of a video are rounded up.

    Raises ConfigError if it is given in several ways, like the functions below.
    """
    word, value = DECAY.chosen(training, DECAY_INTERVAL)
    if word == "decay_videos":
        return int(value)
    whole = length.videos_per_epoch if word == "decay_epochs" else length.videos
    return max(1, math.ceil(round(value * whole, DIGITS)))


def average_decay(averaging: Averaging, length: Length | None = None) -> float:
    """Decay of the exponential average of weights per step.

    length: of the phase; needed unless the memory is in steps or a half-life.
    """
    word, value = MEMORY.chosen(averaging, AVERAGE_MEMORY)
    if word == "half_life_steps":
        return 0.5 ** (1.0 / value)
    return decay_with(_steps(word, value, length))


def statistics_decay(batch_norm: BatchNormalisation, length: Length) -> float:
    """Decay of batch norm's moving statistics per step, before any warm-up."""
    word, value = STATISTICS.chosen(batch_norm, STATISTICS_DECAY)
    return value if word == "decay" else decay_with(_steps(word, value, length))


def decay_with(memory_steps: float) -> float:
    """Decay per step of a moving average with this memory, as the original has it."""
    return 1.0 - 1.0 / memory_steps


def memory_of(decay: float) -> float:
    """The memory, in steps, of a moving average with this decay per step, less than 1."""
    return 1.0 / (1.0 - decay)


def _steps(word: str, value: float, length: Length | None) -> float:
    """A memory in steps, from 1 to `MOST_STEPS`, by the setting that gives it."""
    if word == "memory_steps":
        return value
    if length is None:
        raise ValueError(f"{word} is {value}; needs the length of the phase")
    whole = length.steps_per_epoch if word == "memory_epochs" else length.steps
    return min(max(1.0, value * whole), MOST_STEPS)
