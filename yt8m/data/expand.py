"""Frame-level records from video-level ones: with the same labels and means, and random movement.

YouTube-8M at video level is a fiftieth of the size. Expanded, it gives frame-level models real
labels and real means; anything beyond the mean is noise with the dataset's statistics.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from zlib import crc32

import numpy as np

from yt8m.data.checks import NOT_UTF8, UNLABELLED
from yt8m.data.examples import encode_video
from yt8m.data.generate.frames import (
    FRAME_SD,
    deviations,
    mean_of_bytes,
    quantise,
    sample_scenes,
    within_variance,
)
from yt8m.data.generate.statistics import between_share, sample_length
from yt8m.data.record_checks import check_record
from yt8m.data.schema import Schema, Video
from yt8m.data.sources.expanded import Recipe as Expanded
from yt8m.data.tfrecord import read_records, write_records
from yt8m.data.value_ranges import YOUTUBE_8M
from yt8m.errors import RecordError

MEAN_TOLERANCE = 0.01
"""Largest difference between a mean and that of its expanded frames; a byte is 0.016 wide."""

_SHIFTS = 12
_ON_GRID = 0.01


def expand_shard(source: Path, target: Path, schema: Schema, settings: Expanded) -> int:
    """Write the frame-level shard for a video-level one; returns its number of records.

    Ids, labels and order are unchanged. A video's frames depend on the seed and its id; their mean
    differs from the record's by at most `MEAN_TOLERANCE`, within the range of the bytes.
    Raises RecordError for records that do not fit.
    """
    return write_records(target, _payloads(Path(source), schema, settings))


def _payloads(source: Path, schema: Schema, settings: Expanded) -> Iterator[bytes]:
    means, frames = replace(schema, layout="video"), replace(schema, layout="frame")
    for number, payload in enumerate(read_records(source)):
        where = f"{source}, record {number}"
        checked = check_record(payload, means, where)
        problems = {problem for problem, _ in checked.problems}
        if NOT_UTF8 in problems:
            raise RecordError(
                f"{where}: its id is not valid UTF-8, so it may collide with "
                "another; write the shard again."
            )
        # A video with unknown labels must not get an empty list of labels.
        expanded = expand_video(checked.content, settings)
        yield encode_video(expanded, frames, labelled=UNLABELLED not in problems)


def expand_video(video: Video, settings: Expanded) -> Video:
    """The same video with frames, uint8 [T, size], instead of means, float32 [size]."""
    rng = np.random.default_rng([settings.seed, crc32(video.id.encode())])
    scene_of = sample_scenes(rng, sample_length(rng, settings.frames_min, settings.frames_max))
    features = {
        name: _expand_feature(rng, name, np.asarray(mean), scene_of)
        for name, mean in video.features.items()
    }
    return replace(video, features=features)


def _expand_feature(
    rng: np.random.Generator, name: str, mean: np.ndarray, scene_of: np.ndarray
) -> np.ndarray:
    """Frames of one feature: uint8 [T, size]."""
    if is_constant(mean):
        return np.repeat(quantise(mean)[None], len(scene_of), axis=0)
    share = between_share(name, len(mean))
    energy = float(np.square(mean).mean() / share.mean())
    scenes = rng.standard_normal((scene_of[-1] + 1, len(mean)), np.float32)
    around = deviations(rng, scene_of, scenes)
    around *= FRAME_SD * np.sqrt(within_variance(share, energy))
    return _around_mean(around, mean)


def is_constant(mean: np.ndarray) -> bool:
    """Whether all frames were equal, as in videos without sound.

    Every value of the mean over equal frames is that of a byte; other means are not.
    """
    steps = (mean - np.float32(YOUTUBE_8M.first)) / np.float32(YOUTUBE_8M.step)
    return bool(np.abs(steps - np.rint(steps)).max() < _ON_GRID)


def _around_mean(around: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """Bytes of `around` plus a shift, with mean `mean`: uint8 [T, size].

    Clipping to the bytes' range moves means towards 0. Newton's method finds the shift that
    compensates it; the mean is an increasing, piecewise linear function of the shift, whose slope
    is the share of frames inside the range.
    """
    values = np.ascontiguousarray(around.T)  # [size, T]: whole rows are selected below
    shift, off = mean.astype(np.float32), np.arange(len(mean))
    rows = quantise(values + shift[:, None])
    for _ in range(_SHIFTS):
        error = mean[off] - mean_of_bytes(rows[off].T)
        wrong = np.abs(error) > MEAN_TOLERANCE / 2
        off = off[wrong]
        if not len(off):
            break
        inside = ((rows[off] > 0) & (rows[off] < 255)).mean(axis=1)
        shift[off] += error[wrong] / np.maximum(inside, 1.0 / rows.shape[1])
        rows[off] = quantise(values[off] + shift[off, None])
    return np.ascontiguousarray(rows.T)
