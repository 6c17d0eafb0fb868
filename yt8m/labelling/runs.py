"""Labelling many files: what cannot be labelled is collected, and the rest goes on."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from yt8m.errors import ArtefactError, ConfigError, RecordError
from yt8m.labelling.inputs import Input
from yt8m.labelling.label import label_arrays, label_video
from yt8m.labelling.labelled import Labelled
from yt8m.labelling.labeller import Labeller
from yt8m.labelling.windows import Windows
from yt8m.progress import Progress


@dataclass(frozen=True)
class How:
    """The options of `label_video` and `label_arrays`."""

    windows: Windows | None = None
    thumbnails: int | None = None
    seconds: int | None = None
    features: str = "auto"


def label_all(
    labeller: Labeller, inputs: Sequence[Input], how: How, show: Callable[[Labelled], None]
) -> list[tuple[str, str]]:
    """Pass each video of all files to `show`; returns the files that failed, and why.

    Raises ConfigError for an extractor that cannot be loaded here, since all videos would fail.
    """
    problems = []
    with Progress("label", "file", len(inputs)) as bar:
        for given in inputs:
            try:
                for video in _videos(labeller, given, how):
                    show(video)
            except (ArtefactError, RecordError) as error:
                text = str(error).removeprefix(str(given.path)).removeprefix(": ")
                problems.append((str(given.path), text.removeprefix(", ")))
            bar.advance(note=given.id)
    return problems


def _videos(labeller: Labeller, given: Input, how: How) -> Iterator[Labelled]:
    if given.is_video:
        path, id = given.path, given.id
        yield label_video(labeller, path, how.windows, how.thumbnails, how.seconds, id)
    else:
        yield from label_arrays(labeller, given, how.windows, how.features)


def refuse_failures(failed: int, inputs: int, strict: bool) -> None:
    """Raises RecordError if nothing could be labelled, or with `strict` if anything failed."""
    if failed and (strict or failed == inputs):
        raise RecordError(f"{failed} of {inputs} files could not be labelled, for these reasons")


def thresholds_of(labeller: Labeller) -> np.ndarray:
    """The calibrated thresholds, float32 [C]. Raises ConfigError if the graph has none."""
    if labeller.thresholds is None:
        raise ConfigError(
            f"{labeller.place}: has no thresholds.csv, which --decide needs; give --threshold, or "
            "an archive with calibrated thresholds"
        )
    return labeller.thresholds
