"""Warnings about schedules that do not fit the records, before anything is trained."""

from collections.abc import Iterator, Sequence

from yt8m.config.experiment import Experiment
from yt8m.config.model import ModelConfig
from yt8m.describing.lengths import Lengths, grouped, lengths_of, training_videos
from yt8m.training.schedule_warnings import average_warnings, rate_warnings, statistics_warnings

NAMED = 5
"""Models that a warning about many names."""


def schedule_warnings(experiment: Experiment) -> list[str]:
    """One line per warning, with the names of the models of this run that it is about.

    Empty if the number of training videos is unknown; jobs write the same to their logs. More than
    one device counts only if `resources.train` says so.
    """
    videos = training_videos(experiment)
    if videos is None:
        return []
    found = grouped(
        (name, text)
        for name, model in experiment.made_models().items()
        for text in _warnings(model, lengths_of(experiment, model, videos))
    )
    return [f"{_shortened(names)}: {text}" for text, names in found.items()]


def _warnings(model: ModelConfig, lengths: Lengths) -> Iterator[str]:
    """Nothing about less than a batch of videos, which training itself refuses."""
    if lengths.training.steps:
        yield from rate_warnings(model.training, lengths.training)
        yield from statistics_warnings(model.training, lengths.training)
        yield from average_warnings(model.ema, lengths.averaging)


def _shortened(names: Sequence[str]) -> str:
    if len(names) <= NAMED + 1:
        return ", ".join(names)
    return f"{', '.join(names[:NAMED])} and {len(names) - NAMED:,} more models"
