"""The features of a video's sound, computed in parts while it is decoded."""

from collections.abc import Callable, Iterator

import numpy as np

from yt8m.video.sound import RATE

SECONDS = 16
"""Seconds of a part: a multiple of what any extractor computes at once, so that the features of
parts are those of the whole to the bit."""


class Hearing:
    """The features of a sound's first seconds, as many as there are pictures.

    parts: of the sound, float32 [SECONDS * RATE] each but the last; none of a file without sound.
    extractor: (float32 [samples], seconds T) -> float32 [T, A].
    """

    def __init__(
        self, parts: Iterator[np.ndarray], extractor: Callable[[np.ndarray, int], np.ndarray]
    ):
        self._parts, self._extractor = parts, extractor
        self._rows: list[np.ndarray] = []
        self._seconds = 0
        self._has_sound = True

    def proceed(self, seconds: int) -> None:
        """Compute what is missing of the first seconds, in whole parts."""
        while self._seconds + SECONDS <= seconds:
            self._compute(SECONDS)

    def finish(self, seconds: int) -> np.ndarray | None:
        """The features of the first seconds, float32 [T, A], T >= 1; None without sound.

        Where the sound ends before, the rest is silence.
        """
        self.proceed(seconds)
        if seconds > self._seconds:
            self._compute(seconds - self._seconds)
        return np.concatenate(self._rows) if self._has_sound else None

    def _compute(self, seconds: int) -> None:
        sound = next(self._parts, None)
        if sound is None and not self._seconds:
            self._has_sound = False
        self._seconds += seconds
        if self._has_sound:
            samples = np.zeros(0, np.float32) if sound is None else sound[: seconds * RATE]
            self._rows.append(self._extractor(samples, seconds))
