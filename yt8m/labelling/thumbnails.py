"""Small pictures of a video, kept while its frames pass on their way to the network."""

from collections.abc import Callable
from contextlib import closing
from fractions import Fraction
from pathlib import Path

import numpy as np

from yt8m.video.container import pyav
from yt8m.video.frames import frames_of

HEIGHT = 90
WIDEST = 240
"""Of thumbnails, in pixels."""


class Keeper:
    """Passes pictures to a network, and keeps thumbnails of some: one in every `every` seconds.

    images: of `Extractors`. found: second -> JPEG.
    """

    def __init__(
        self, images: Callable[[np.ndarray], np.ndarray], every: int, size: tuple[int, int]
    ):
        self._images, self._every, self._size = images, every, size
        self._seconds = 0
        self.found: dict[int, bytes] = {}

    def __call__(self, pictures: np.ndarray) -> np.ndarray:
        """uint8 [n, h, w, 3] -> float32 [n, F]."""
        for second, picture in enumerate(pictures, self._seconds):
            if second % self._every == 0:
                self.found[second] = jpeg(picture, self._size)
        self._seconds += len(pictures)
        return self._images(pictures)


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
