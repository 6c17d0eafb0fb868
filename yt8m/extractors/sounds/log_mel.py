"""Means and standard deviations of log mel spectra: no network, no weights."""

from collections.abc import Callable

import numpy as np

from yt8m.extractors.digests import extractor_digest
from yt8m.extractors.mel import BANDS, log_mel, seconds_of
from yt8m.strict import settings

SECONDS_AT_ONCE = 16


@settings
class Recipe:
    """How loud 64 mel bands are in a second, and how much that varies: 2 * 64 values."""

    @property
    def size(self) -> int:
        """Values of one second's vector."""
        return 2 * BANDS

    def files(self) -> list[str]:
        """None: there are no weights."""
        return []

    def digest(self) -> str:
        """Digest of the kind, which has no settings."""
        return extractor_digest(self)

    def load(self, threads: int) -> Callable[[np.ndarray, int], np.ndarray]:
        """A function: (float32 [samples], T) -> float32 [T, 128], the means first."""

        def run(sound: np.ndarray, seconds: int) -> np.ndarray:
            cut = seconds_of(sound, seconds)
            found = [
                summary(cut[t : t + SECONDS_AT_ONCE]) for t in range(0, seconds, SECONDS_AT_ONCE)
            ]
            return np.concatenate(found)

        return run


def summary(seconds: np.ndarray) -> np.ndarray:
    """Mean and standard deviation of each band: float32 [T, 16000] -> float32 [T, 2 * BANDS]."""
    spectra = log_mel(seconds)  # [T, SPECTRA, BANDS]
    return np.concatenate([spectra.mean(axis=1), spectra.std(axis=1)], axis=1)
