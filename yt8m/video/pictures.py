"""From a decoded frame to an upright picture of the wanted size."""

import struct
from typing import TYPE_CHECKING

import numpy as np

from yt8m.video.container import pyav

if TYPE_CHECKING:
    from av import VideoFrame

UPRIGHT = (1, 0, 0, 1)


class Pictures:
    """Makes pictures of frames. resolution: their (height, width); None leaves the frames' own.

    One pass of FFmpeg's scaler converts the colours and resizes, by its bilinear method: weights
    fall linearly with the distance, over as many pixels as one pixel of the result covers, so that
    small pictures are smooth. The whole frame is kept, not its aspect ratio.
    """

    def __init__(self, resolution: tuple[int, int] | None):
        av = pyav()
        self.resolution = resolution
        self._method = av.video.reformatter.Interpolation.BILINEAR
        self._scaler = av.video.reformatter.VideoReformatter()

    def __call__(self, frame: "VideoFrame") -> np.ndarray:
        """uint8 [H, W, 3], red, green, blue; turned and mirrored as the frame's metadata say."""
        a, b, c, d = orientation(frame)
        lies = abs(a) + abs(d) < abs(b) + abs(c)
        height, width = self.resolution or (None, None)
        if lies:
            height, width = width, height
        made = self._scaler.reformat(
            frame, width, height, "rgb24", interpolation=self._method, threads=1
        )
        picture = made.to_ndarray()
        if lies:
            picture, a, d = picture.swapaxes(0, 1), c, b
        return np.ascontiguousarray(picture[:: -1 if d < 0 else 1, :: -1 if a < 0 else 1])


def orientation(frame: "VideoFrame") -> tuple[int, int, int, int]:
    """Signs and sizes (a, b, c, d): the pixel in column x and row y is shown in column ax + cy, row
    bx + dy.

    From the display matrix that phones write beside the pictures.
    """
    matrix = frame.side_data.get("DISPLAYMATRIX")
    if matrix is None:
        return UPRIGHT
    a, b, _, c, d, *_ = struct.unpack("=9i", bytes(matrix)[:36])
    return a, b, c, d
