"""From arrays in memory to videos that a graph predicts, checked one by one."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from yt8m.data.schema import Batch
from yt8m.errors import ArrayError, ArtefactError, RecordError
from yt8m.outputs.array_kinds import ArrayKinds
from yt8m.outputs.array_videos import ArrayVideo
from yt8m.outputs.feature_arrays import by_feature
from yt8m.printable import listed

Video = np.ndarray | dict[str, np.ndarray]
"""One video's features: side by side, [T, F], or by name, [T, values]."""


@contextmanager
def array_errors() -> Iterator[None]:
    """What is wrong with an array is an ArrayError, wherever it is found."""
    try:
        yield
    except (ArtefactError, RecordError) as error:
        raise ArrayError(str(error)) from None


def videos_of(given: Any, lengths: Any, kinds: ArrayKinds) -> Iterator[ArrayVideo]:
    """The videos in what `Classifier.predict` takes, in order.

    Raises ArrayError for shapes, types or names that do not suit the graph.
    """
    with array_errors():
        for number, video in enumerate(_apart(given, lengths, kinds)):
            yield _checked(video, f"video {number}", kinds)


def _apart(given: Any, lengths: Any, kinds: ArrayKinds) -> Iterator[Video]:
    """Each video of its own."""
    if isinstance(given, Batch):
        if lengths is not None:
            raise ArrayError("lengths: a Batch has its own, num_frames; give none")
        given, lengths = given.frames, given.num_frames
    if isinstance(given, (list, tuple)):
        if lengths is not None:
            raise ArrayError("lengths: are of a padded array; videos in a list have their own")
        yield from map(_arrays, given)
        return
    video = _arrays(given)
    arrays = list(video.values()) if isinstance(video, dict) else [video]
    count = _count(arrays, kinds)
    if count is None:
        if lengths is not None:
            raise ArrayError("lengths: are of a padded array of several videos; give none")
        yield video
        return
    for row, length in enumerate(_lengths(lengths, count, arrays[0])):
        yield _row(video, row, length)


def _arrays(video: Any) -> Video:
    if isinstance(video, Mapping):
        arrays = {n: np.asarray(a) for n, a in video.items() if a is not None}
        if not arrays:
            raise ArrayError("a video has no feature at all")
        return arrays
    return np.asarray(video)


def _count(arrays: Sequence[np.ndarray], kinds: ArrayKinds) -> int | None:
    """The number of videos in padded arrays; None for arrays of a single video."""
    is_raw = all(kinds.is_raw(array.dtype) for array in arrays)
    single = 2 if kinds.expected(is_raw).layout == "frame" else 1
    if all(array.ndim <= single for array in arrays):
        return None
    counts = {len(array) for array in arrays}
    if len(counts) > 1 or any(array.ndim <= single for array in arrays):
        shapes = ", ".join(str(list(array.shape)) for array in arrays)
        raise ArrayError(f"features have shapes {shapes}; they need the same number of videos")
    return counts.pop()


def _lengths(lengths: Any, count: int, array: np.ndarray) -> Sequence[int]:
    longest = array.shape[1] if array.ndim > 2 else 1
    if lengths is None:
        return [longest] * count
    found = np.asarray(lengths)
    if found.shape != (count,) or found.dtype.kind not in "iu":
        raise ArrayError(
            f"lengths: are {found.dtype} {list(found.shape)}; expected {count} whole numbers, the "
            "frames of each video"
        )
    wrong = np.flatnonzero((found < 1) | (found > longest))
    if len(wrong):
        raise ArrayError(
            f"lengths: video {wrong[0]} has {found[wrong[0]]} frames; expected 1 to {longest}"
        )
    return found.tolist()


def _row(video: Video, row: int, length: int) -> Video:
    if isinstance(video, dict):
        return {
            name: array[row, :length] if array.ndim > 2 else array[row]
            for name, array in video.items()
        }
    return video[row, :length] if video.ndim > 2 else video[row]


def _checked(video: Video, where: str, kinds: ArrayKinds) -> ArrayVideo:
    if isinstance(video, dict):
        if unknown := sorted(map(str, video.keys() - kinds.schema.features.keys())):
            raise ArrayError(
                f"{where}: {unknown[0]!r} is not a feature of the graph; expected "
                f"{listed(kinds.schema.features)}"
            )
        frames, is_raw = by_feature(video, kinds, where)
        return ArrayVideo("", frames, where, is_raw)
    is_raw = kinds.is_raw(video.dtype)
    expected = kinds.expected(is_raw)
    frames = video[None] if video.ndim == 1 and expected.layout == "video" else video
    if frames.ndim != 2 or frames.shape[1] != expected.feature_size or not len(frames):
        shape = f"[frames, {expected.feature_size}]"
        if expected.layout == "video":
            shape = f"[{expected.feature_size}]"
        made = " + ".join(f"{name} {size}" for name, size in expected.features.items())
        raise ArrayError(
            f"{where}: is {video.dtype} {list(video.shape)}; expected {shape} ({made}), or a dict "
            f"with an array for each feature{kinds.hint(is_raw)}"
        )
    return ArrayVideo("", frames, where, is_raw)
