"""A video's frames of any numeric type, checked and converted to bytes or dequantised floats."""

import numpy as np

from yt8m.data.schema import Schema
from yt8m.errors import ArtefactError
from yt8m.outputs.array_kinds import ArrayKinds
from yt8m.outputs.array_videos import ArrayVideo
from yt8m.own_data.arrays import as_float32

TOLERANCE = 0.0125
"""How far values may be outside of a feature's range, as a share of it, because of rounding."""


def record_frames(video: ArrayVideo, kinds: ArrayKinds, most: int | None = None) -> np.ndarray:
    """A video's frames as in records: uint8 or dequantised float32 [T, F], at most `most` frames.

    Raises ArtefactError for values that are neither, RecordError for raw ones that overflow.
    """
    frames = video.frames[:most]
    if not video.is_raw:
        return as_frames(frames, kinds.schema, video.where)
    return kinds.raw.bytes_of(as_float32(frames, video.where))


def graph_frames(frames: np.ndarray, video: ArrayVideo, kinds: ArrayKinds) -> np.ndarray:
    """Frames as in records, as a graph takes them: of raw ones the mean, in the video layout."""
    return kinds.raw.graph_frames(frames) if video.is_raw else frames


def as_frames(frames: np.ndarray, schema: Schema, where: str) -> np.ndarray:
    """Frames [T, F] as uint8 or float32, with unchanged values.

    Whole numbers are read as bytes, floats of any width as dequantised values. Raises ArtefactError
    for other types and for values that are neither, and says what they look like.
    """
    if frames.dtype.kind in "iu":
        return _bytes(frames, schema, where)
    if frames.dtype.kind != "f":
        raise ArtefactError(
            f"{where}: frames are {frames.dtype}; expected bytes (uint8) or dequantised floats, "
            f"{schema.dequantisation}"
        )
    finite = np.isfinite(frames)
    if not finite.all():
        frame, value = np.argwhere(~finite)[0]
        raise ArtefactError(
            f"{where}, frame {frame}: value {value} is {frames[frame, value]}; all must be finite"
        )
    if looks := _looks_like(frames, schema):
        least, most = frames.min(), frames.max()
        raise ArtefactError(
            f"{where}: frames are {frames.dtype} from {least:g} to {most:g}; {looks}"
        )
    return frames.astype(np.float32)


def _bytes(frames: np.ndarray, schema: Schema, where: str) -> np.ndarray:
    least, most = int(frames.min()), int(frames.max())
    if least < 0 or most > 255:
        raise ArtefactError(
            f"{where}: frames are {frames.dtype} from {least} to {most}; as bytes they would be "
            f"0 to 255, and as floats {schema.dequantisation}"
        )
    return frames.astype(np.uint8)


def _looks_like(frames: np.ndarray, schema: Schema) -> str | None:
    """What floats that are not dequantised look like, and the remedy; None if they are fine."""
    least, most = frames.min(), frames.max()
    if not _within_ranges(frames, schema):
        if least >= 0 and most <= 255 and _whole(frames):
            return "they look like bytes stored as floats; give them as frames.astype('uint8')"
        return (
            f"expected {schema.dequantisation}, or bytes as uint8; quantise like the training data"
        )
    if schema.ranges:
        return None
    if least >= 0 and most > 0.5 and _whole(frames.astype(np.float64) * 255):
        return (
            "they look like bytes divided by 255; give them as "
            "(frames * 255).round().astype('uint8')"
        )
    if len(schema.features) > 1 and _unit_lengths(frames, schema):
        names = " and ".join(schema.features)
        return (
            f"each frame's {names} already have length 1; give them as dequantised, without "
            "normalisation"
        )
    return None


def _within_ranges(frames: np.ndarray, schema: Schema) -> bool:
    start = 0
    for size, (low, high) in schema.sized_ranges:
        values, margin = frames[:, start : start + size], TOLERANCE * (high - low)
        if values.min() < low - margin or values.max() > high + margin:
            return False
        start += size
    return True


def _whole(values: np.ndarray) -> bool:
    return bool((np.abs(values - np.round(values)) < 1e-3).all())


def _unit_lengths(frames: np.ndarray, schema: Schema) -> bool:
    """Whether every feature of every frame has length 1."""
    starts = np.cumsum([0, *schema.features.values()])[:-1]
    squared = np.add.reduceat(frames.astype(np.float64) ** 2, starts, axis=1)  # [T, features]
    return bool((np.abs(squared - 1) < 1e-2).all())
