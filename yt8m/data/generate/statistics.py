"""Statistics of real YouTube-8M that generated videos reproduce.

Labels: measured on 55,842 validation videos of 2018. Means: on their moments, and on the
video-level records of 7,454 of them. Lengths and changes over time were measured, too. All
variances are relative to the variance of a frame's values, which is 1.
"""

import numpy as np

LABELS_PER_VIDEO = np.array(
    [0.2468, 0.2251, 0.1861, 0.1560, 0.0885, 0.0462, 0.0257, 0.0126, 0.0064, 0.0033, 0.0017, 0.0016]
)
"""Share of videos with 1, 2, ... labels; the last entry is for 12 or more."""

COMPANION_SHARE = 0.92
"""Share of labels that get a parent if one is frequent enough. After videos with few labels have
lost some parents, 81 % of common labels have a companion with P >= 0.5."""

SILENT_SHARE = 0.014
"""Share of videos without sound: all their audio frames are identical."""

FRAMES_AT_LIMIT = 0.2
"""Share of videos of maximum length.
ASSUME the size of this share; it is known only that there is one, since longer videos are cut."""

FRAMES_SKEW = 1.44
"""Power of the uniform random number behind the other lengths: 120 to 300 then have mean 215."""

ENERGY_SPREAD = 0.79
"""Standard deviation of the log of a video's energy: some are a still picture, others always move.
"""

LEAST_ENERGY = 0.08
"""Energy of the video whose mean is nearest to 0; dummies are below."""

_BETWEEN_RGB = np.array([0.335, 0.233, 0.209, 0.199, 0.192, 0.185, 0.177, 0.168])
_BETWEEN_AUDIO = 0.47


def between_share(name: str, size: int) -> np.ndarray:
    """Variance between videos of a feature's mean over frames: float32 [size].

    It falls from the first, strongest principal component on; for audio it is constant.
    ASSUME a feature of another name behaves like rgb: both are whitened principal components.
    """
    if name == "audio":
        return np.full(size, _BETWEEN_AUDIO, np.float32)
    block = (np.arange(size) + 0.5) / size * len(_BETWEEN_RGB) - 0.5
    return np.interp(block, np.arange(len(_BETWEEN_RGB)), _BETWEEN_RGB).astype(np.float32)


def label_shares(classes: int) -> np.ndarray:
    """Each class's share of all labels, most frequent class first: float64 [C], sum 1.

    A Zipf-Mandelbrot law (r + b)^-s fitted to the top 10, 100 and 1,000 of 3,862 labels.
    """
    weights = (np.arange(1, classes + 1) + 3.27) ** -1.172
    return weights / weights.sum()


def centroid_share(frequency: np.ndarray) -> np.ndarray:
    """Squared distance from the centre of a label's videos to the centre of all videos.

    frequency: share of videos with the label, [C]. Unit: the variance between videos.
    Fitted to the centroids of 276 labels: 0.01 for one video in six, 0.1 for rare labels.
    """
    return 0.1 / (1.0 + (frequency / 0.035) ** 1.4)


def sample_energy(rng: np.random.Generator) -> float:
    """Energy of a video's mean in units of the variance between videos; its mean is 1."""
    spread = ENERGY_SPREAD * rng.standard_normal()
    return max(float(np.exp(spread - ENERGY_SPREAD**2 / 2)), LEAST_ENERGY)


def sample_length(rng: np.random.Generator, shortest: int, longest: int) -> int:
    """Number of frames of a video; many videos have `longest`."""
    if rng.random() < FRAMES_AT_LIMIT:
        return longest
    return shortest + int((longest - shortest + 1) * rng.random() ** FRAMES_SKEW)
