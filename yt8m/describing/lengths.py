"""How long the models of a config train, as far as it is known before they do."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from yt8m.config.experiment import Experiment
from yt8m.config.model import ModelConfig
from yt8m.data.limit import videos_within
from yt8m.data.manifest import read_manifest
from yt8m.data.sources.generated import Recipe as Generated
from yt8m.errors import ArtefactError
from yt8m.protocols import ArraySource
from yt8m.training.durations import Length, length_of
from yt8m.workflow.layout import Layout


@dataclass(frozen=True)
class Lengths:
    """The lengths of a model's two phases."""

    training: Length
    averaging: Length


def training_videos(experiment: Experiment) -> int | None:
    """The videos in the training split; None before given shards have been counted.

    Generated sources and tables say it themselves; for other sources, the manifest in the results.
    """
    source, split = experiment.dataset.source, experiment.run.train
    if isinstance(source, Generated):
        return videos_within(source.splits[split][1], experiment.dataset.limit)
    if isinstance(source, ArraySource):
        return videos_within(source.videos_in(split), experiment.dataset.limit)
    try:
        return read_manifest(Path(Layout(experiment.results).manifest(split))).records
    except ArtefactError:
        return None


def lengths_of(experiment: Experiment, model: ModelConfig, videos: int) -> Lengths:
    """The lengths of a model's phases on `videos` videos, on the devices that its jobs ask for."""
    videos_per_step = model.training.batch_size * experiment.resources.train.devices
    return Lengths(
        length_of(model.training.epochs, videos, videos_per_step),
        length_of(model.ema.epochs, videos, videos_per_step),
    )


def grouped(texts: Iterator[tuple[str, str]]) -> dict[str, list[str]]:
    """Text -> the names that it is of, from pairs of name and text; in order."""
    found: dict[str, list[str]] = {}
    for name, text in texts:
        found.setdefault(text, []).append(name)
    return found
