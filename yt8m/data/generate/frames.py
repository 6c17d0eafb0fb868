"""Frames around a mean: how a video's features change over time, and their quantisation to bytes.

Within a video, values are the sum of scenes (constant for about twelve seconds) and of noise that
is correlated between neighbouring frames. Their autocorrelation is 0.49 at one second and 0.12 at
ten, as measured.
"""

import numpy as np

from yt8m.data.value_ranges import YOUTUBE_8M

SCENE_SECONDS = 12.0
"""Mean length of a scene. Lengths are geometric, so P(same scene after k s) = (1 - 1/12)^k."""

SCENE_SHARE = 0.38
"""Share of a video's inner variance due to scenes: 0.38 * (11/12)^10 = 0.16. Measured around the
mean of a video of 215 frames, correlations are 0.04 below those of the process."""

_ECHO = 0.32
"""Weight of the previous frame's noise."""

_NEIGHBOURS = _ECHO / (1.0 + _ECHO**2)
"""Correlation of neighbouring noise; 0.38 * 11/12 + 0.62 * 0.29 - 0.04 = 0.49."""

FRAME_SD = np.float32(1.09)
"""Standard deviation of values before clipping, chosen so that 3.5 % are clipped at either end."""

SMALLEST_WITHIN = 0.1
"""Inner variance of even the most static video."""


def sample_scenes(rng: np.random.Generator, frames: int) -> np.ndarray:
    """The scene that each frame belongs to: int [T], ascending from 0."""
    return np.cumsum(rng.random(frames) < 1.0 / SCENE_SECONDS)


def deviations(rng: np.random.Generator, scene_of: np.ndarray, scenes: np.ndarray) -> np.ndarray:
    """Deviations from a video's mean: float32 [T, F], mean over T exactly 0, variance about 1.

    scene_of: int [T]. scenes: float32 [S, F], a pattern of unit variance per scene.
    """
    shape = (len(scene_of) + 1, scenes.shape[1])
    noise = rng.standard_normal(shape, np.float32)
    weight = np.float32(np.sqrt((1.0 - SCENE_SHARE) / (1.0 + _ECHO**2)))
    moving = noise[1:] + np.float32(_ECHO) * noise[:-1]  # a moving average of order 1
    moving *= weight
    moving += (np.float32(np.sqrt(SCENE_SHARE)) * scenes)[scene_of]
    moving -= moving.mean(axis=0)
    moving *= np.float32(1.0 / np.sqrt(1.0 - min(_variance_of_mean(len(scene_of)), 0.9)))
    return moving


def _variance_of_mean(frames: int) -> float:
    """Variance of the mean of T frames of the process, by which centring reduces theirs."""
    lag = np.arange(frames)
    correlation = SCENE_SHARE * (1.0 - 1.0 / SCENE_SECONDS) ** lag
    correlation[0] = 1.0
    correlation[1:2] += (1.0 - SCENE_SHARE) * _NEIGHBOURS
    pairs = np.where(lag == 0, frames, 2.0 * (frames - lag))
    return float(pairs @ correlation) / frames**2


def within_variance(share: np.ndarray, energy: float) -> np.ndarray:
    """Inner variance of a video's features: float32 [F].

    A frame's energy is about the same in all videos (features are whitened), so the more of it is
    in the mean, the less varies around it.
    share: variance between videos, [F]. energy: this video's, 1 on average.
    """
    return np.maximum(1.0 - share * energy, SMALLEST_WITHIN).astype(np.float32)


def quantise(values: np.ndarray) -> np.ndarray:
    """Nearest bytes, clipped to the range: uint8, of the shape of `values`."""
    scaled = (values - np.float32(YOUTUBE_8M.first)) * np.float32(1.0 / YOUTUBE_8M.step)
    np.rint(scaled, out=scaled)
    return np.clip(scaled, 0, 255, out=scaled).astype(np.uint8)


def mean_of_bytes(frames: np.ndarray) -> np.ndarray:
    """Mean over frames of the dequantised values: uint8 [T, F] -> float32 [F]."""
    mean = frames.sum(axis=0, dtype=np.uint32) / len(frames)
    return (mean * YOUTUBE_8M.step + YOUTUBE_8M.first).astype(np.float32)
