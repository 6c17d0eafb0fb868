"""Labelling one file: a video, or arrays of features."""

import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from yt8m.errors import ConfigError, RecordError
from yt8m.labelling.inputs import Input
from yt8m.labelling.labelled import Labelled
from yt8m.labelling.labeller import Labeller
from yt8m.labelling.predicting import predict_parts
from yt8m.labelling.thumbnails import Keeper
from yt8m.labelling.windows import Windows
from yt8m.outputs.array_frames import graph_frames, record_frames
from yt8m.outputs.array_videos import name_of, videos_in
from yt8m.printable import encodable
from yt8m.video.container import length_of, opened, pictures_in
from yt8m.video.extraction import extract
from yt8m.video.thumbnails import thumbnail_size

MOST_SECONDS = 3600
"""Seconds of a video that are read for labels over time, unless another number is given."""


def label_video(
    labeller: Labeller,
    path: str | Path,
    windows: Windows | None = None,
    thumbnails: int | None = None,
    seconds: int | None = None,
    id: str = "",
) -> Labelled:
    """The predictions of a video file, by the very steps of training.

    windows: for predictions over time too. thumbnails: keeps a small picture of every so many
    seconds. seconds: reads at most so many; by default as many as training did, or with windows
    `MOST_SECONDS`. id: by default the file's name.

    Raises RecordError for a file that cannot be decoded, and for a graph that takes no videos;
    ConfigError for an extractor that cannot be loaded here, and for windows longer than the graph's
    videos in training.
    """
    _check(labeller, windows)
    if reason := labeller.cannot_read_videos:
        raise RecordError(f"{path}: {labeller.place} {reason}")
    extractors = labeller.extractors
    described, raw = labeller.extraction, labeller.kinds().raw
    if thumbnails:
        keeper = Keeper(extractors.images, thumbnails, thumbnail_size(path))
        extractors = replace(extractors, images=keeper)
    most = seconds or (MOST_SECONDS if windows else described.max_frames)
    found = extract(path, extractors, most, described.rule)
    features = {name: found.features[name] for name in labeller.graph.schema.features}
    frames = raw.bytes_of(raw.joined(features, str(path)))
    most_frames = min(labeller.graph.schema.max_frames, described.max_frames)
    return replace(
        _labelled(
            labeller, frames, lambda a, b: raw.graph_frames(frames[a:b]), windows, most_frames
        ),
        id=encodable(id or Path(path).stem),
        place=encodable(str(path)),
        length=_length(path) if len(frames) == most else None,
        thumbnails=keeper.found if thumbnails else {},
        absent=tuple(name for name, values in features.items() if values is None),
    )


def label_arrays(
    labeller: Labeller, given: Input, windows: Windows | None = None, features: str = "auto"
) -> Iterator[Labelled]:
    """The predictions of all videos in a file of arrays, or of one with a file per feature.

    features: what they hold, one of `array_kinds.FEATURES`.
    Raises ArtefactError or RecordError for a file that does not suit the graph; ConfigError for
    windows longer than the graph's videos in training.
    """
    _check(labeller, windows)
    kinds = labeller.kinds(features)
    for video in videos_in(given.path, kinds, alone=False):
        frames = record_frames(video, kinds)

        def cut(start: int, end: int, video=video, frames=frames) -> np.ndarray:
            return graph_frames(frames[start:end], video, kinds)

        if windows and kinds.schema.layout == "video" and not video.is_raw:
            raise RecordError(f"{video.where}: is a mean over the whole video; it has no seconds")
        found = _labelled(labeller, frames, cut, windows, kinds.schema.max_frames)
        is_sole = video.id == name_of(given.path)
        id, place = encodable(given.id if is_sole else video.id), encodable(video.where)
        yield replace(found, id=id, place=place, absent=video.absent)


def _check(labeller: Labeller, windows: Windows | None) -> None:
    most = labeller.graph.schema.max_frames
    if windows and windows.length > most:
        raise ConfigError(
            f"windows of {windows.length} seconds: the graph was trained with at most {most}; give "
            "shorter ones"
        )


def _length(path: str | Path) -> int | None:
    """Seconds, also begun ones, that a video says it lasts; None if it does not say."""
    with opened(path) as container:
        return math.ceil(length_of(pictures_in(container))) or None


def _labelled(labeller, frames, cut, windows: Windows | None, most_frames: int) -> Labelled:
    """The predictions of frames as in records, [T, F]. cut: see `predict_parts`."""
    seconds = len(frames)
    whole = predict_parts(labeller.graph, cut, [(0, min(seconds, most_frames))])[0]
    parts = windows.of(seconds) if windows else []
    over_time = predict_parts(labeller.graph, cut, parts) if parts else None
    return Labelled("", "", seconds, whole, tuple(parts), over_time)
