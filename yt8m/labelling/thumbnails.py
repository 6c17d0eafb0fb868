"""Small pictures of a video, kept while its frames pass on their way to the network."""

from collections.abc import Callable

import numpy as np

from yt8m.video.thumbnails import jpeg


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
