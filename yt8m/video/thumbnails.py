"""Small pictures of a video, as JPEG files."""

from collections.abc import Sequence
from contextlib import closing
from fractions import Fraction
from pathlib import Path

import numpy as np

from yt8m.video.container import pyav
from yt8m.video.frames import Rule, frames_of

HEIGHT = 90
WIDEST = 240
"""Of thumbnails, in pixels."""


def thumbnails(path: str | Path, seconds: Sequence[int], rule: Rule) -> dict[int, bytes]:
    """Second -> a JPEG file of the picture that `frames_of` yields for it, as far as the video
    lasts. seconds: one or more.

    Raises RecordError for a file that cannot be decoded so far.
    """
    size = thumbnail_size(path)
    with closing(frames_of(path, max(seconds) + 1, rule, size)) as pictures:
        return {
            second: jpeg(picture, size)
            for second, picture in enumerate(pictures)
            if second in seconds
        }


def spread(length: int, count: int) -> list[int]:
    """Up to `count` seconds of a video of `length` seconds: the middles of equal parts."""
    return sorted({(2 * part + 1) * length // (2 * count) for part in range(count)})


def thumbnail_size(path: str | Path) -> tuple[int, int]:
    """(height, width) of a video's thumbnails, with its own aspect ratio; both are even.

    Raises RecordError for a file whose first picture cannot be decoded.
    """
    with closing(frames_of(path, 1)) as pictures:
        height, width, _ = next(pictures).shape
    scale = min(HEIGHT / height, WIDEST / width)
    return max(2, 2 * round(height * scale / 2)), max(2, 2 * round(width * scale / 2))


def jpeg(picture: np.ndarray, size: tuple[int, int]) -> bytes:
    """uint8 [h, w, 3] -> a JPEG file of that (height, width)."""
    av = pyav()
    codec = av.CodecContext.create("mjpeg", "w")
    codec.height, codec.width = size
    codec.pix_fmt, codec.time_base = "yuvj420p", Fraction(1)
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), "rgb24")
    small = frame.reformat(codec.width, codec.height, codec.pix_fmt)
    return b"".join(bytes(packet) for packet in [*codec.encode(small), *codec.encode(None)])
