"""From videos to one array: features concatenated, zeros past each video's end."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from yt8m.data.schema import Schema, Video

FrameIndex = Callable[[np.ndarray], np.ndarray]
"""From num_frames, int32 [B], to the indices of the frames to take, int [B, n]."""


Empty = Callable[[tuple[int, ...]], np.ndarray]
"""From a shape to an uninitialised uint8 array, like `Buffers.empty`."""


def pad_frames(
    videos: Iterable[Video], count: int, most: int, schema: Schema, empty: Empty
) -> tuple[np.ndarray, np.ndarray]:
    """All frames, uint8 [B, T, F] with the longest video's T, and num_frames, int32 [B].

    videos: `count` of them, taken one at a time, so that each is still in the processor's cache
        when it is copied (which doubles the speed).
    most: upper bound on the frames of a video; the tighter, the less memory.
    """
    frames = empty((count, most, schema.feature_size))
    num_frames = np.zeros(count, np.int32)
    for i, video in enumerate(videos):
        for part, source in _parts(frames[i], video, schema):
            num_frames[i] = len(source)
            part[: len(source)] = source
        frames[i, num_frames[i] :] = 0
    longest = num_frames.max(initial=0)
    return np.ascontiguousarray(frames[:, :longest]), num_frames


def pick_frames(
    videos: Sequence[Video], frame_index: FrameIndex, schema: Schema, empty: Empty
) -> tuple[np.ndarray, np.ndarray]:
    """The frames chosen by `frame_index`, uint8 [B, n, F], and how many are not padding, [B]."""
    first = next(iter(schema.features))
    num_frames = np.array([len(video.features[first]) for video in videos], np.int32)
    chosen = frame_index(num_frames)  # [B, n]
    taken = (chosen < num_frames[:, None]).sum(axis=1).astype(np.int32)
    frames = empty((*chosen.shape, schema.feature_size))
    for i, video in enumerate(videos):
        for part, source in _parts(frames[i], video, schema):
            part[: taken[i]] = source[chosen[i, : taken[i]]]
        frames[i, taken[i] :] = 0
    return frames, taken


def stack_means(videos: Iterable[Video], schema: Schema) -> tuple[np.ndarray, np.ndarray]:
    """Video-level means, float32 [B, 1, F], and num_frames, all 1: int32 [B]."""
    rows = [np.concatenate([v.features[name] for name in schema.features]) for v in videos]
    frames = np.array(rows, np.float32).reshape(len(rows), 1, schema.feature_size)
    return frames, np.ones(len(rows), np.int32)


def _parts(
    frames: np.ndarray, video: Video, schema: Schema
) -> Iterable[tuple[np.ndarray, np.ndarray]]:
    """Each feature's columns of `frames`, [T, F], and the values to copy there."""
    left = 0
    for name, size in schema.features.items():
        yield frames[:, left : left + size], video.features[name]
        left += size
