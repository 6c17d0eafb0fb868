"""The pictures of a video, one a second, decoded in order.

All frames are decoded, since each needs those before it, and only the wanted ones are converted.
Seeking to each second instead takes several times as long.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from yt8m.errors import RecordError
from yt8m.video.container import decoded, length_of, opened, pictures_in, refusing, start_of
from yt8m.video.pictures import Pictures

if TYPE_CHECKING:
    from av import VideoFrame
    from av.container import InputContainer

Rule = Literal["nearest", "google"]
"""Which frames are taken: the nearest to each whole second, as MediaPipe does for YouTube-8M, or
those that YouTube-8M's own extractor takes."""

MOST_MISSING = 1
"""Seconds that may be missing at the end; a file that lacks more is truncated."""


class Timed(NamedTuple):
    """A frame and the seconds, from the start of the pictures, between which it is shown."""

    start: Fraction
    end: Fraction
    frame: "VideoFrame"


def frames_of(
    path: str | Path,
    max_frames: int,
    rule: Rule = "nearest",
    resolution: tuple[int, int] | None = None,
) -> Iterator[np.ndarray]:
    """One picture for each second of a video: uint8 [H, W, 3], red, green, blue.

    At most `max_frames`; nothing beyond them is decoded. With "nearest", as many as whole seconds
    have begun while the pictures last. resolution: (height, width), see `Pictures`.

    Raises RecordError for a file without pictures, and for one that is damaged or truncated, when
    the damage is reached.
    """
    with opened(path) as container:
        timed = _timed(container, path)
        chosen = RULES[rule](timed)
        to_picture = Pictures(resolution)
        before = picture = None
        for frame in islice(chosen, max_frames):
            if frame is not before:
                with refusing(path, "a picture cannot be converted to red, green, blue"):
                    before, picture = frame, to_picture(frame)
            yield picture


def nearest(timed: Iterator[Timed]) -> Iterator["VideoFrame"]:
    """The frame nearest to each whole second; of two equally near the earlier."""
    second, before = 0, None
    for now in timed:
        while second <= now.start:
            closer = before and second - before.start <= now.start - second
            yield before.frame if closer else now.frame
            second += 1
        before = now
    while before and second < before.end:
        yield before.frame
        second += 1


def google(timed: Iterator[Timed]) -> Iterator["VideoFrame"]:
    """The first frame, then each that follows a frame a second or more after the last such one.

    The clock runs from the frame before the one taken, so at 25 frames a second it takes 0, 26, 51,
    76: `extract_tfrecords_main.py` in google/youtube-8m, feature_extractor.
    """
    last, take = Fraction(0), True
    for now in timed:
        if take:
            yield now.frame
        take = now.start >= last + 1
        if take:
            last = now.start


RULES = {"nearest": nearest, "google": google}


def _timed(container: "InputContainer", path: str | Path) -> Iterator[Timed]:
    """All frames in order, with times that never go back. Raises RecordError at a truncated end."""
    stream = pictures_in(container)
    if stream is None:
        has = "only sound" if container.streams.audio else "neither pictures nor sound"
        raise RecordError(f"{path}: has no pictures, {has}; it may be truncated.")
    begin, unit = start_of(container), stream.time_base
    usual = 1 / (stream.average_rate or stream.guessed_rate or Fraction(1))
    start = end = Fraction(0)
    frame = None
    for frame in decoded(container, stream, path):
        stamp = frame.pts if frame.pts is not None else frame.dts
        start = max(start, stamp * unit - begin if stamp is not None else end)
        end = start + (frame.duration * unit if frame.duration else usual)
        yield Timed(start, end, frame)
    if frame is None:
        raise RecordError(f"{path}: has no picture that can be decoded.")
    if length_of(stream) - end > MOST_MISSING:
        raise RecordError(
            f"{path}: ends after {float(end):.1f} of {float(length_of(stream)):.1f} seconds; "
            "the file is truncated."
        )
