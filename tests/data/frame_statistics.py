"""Statistics of frames that several tests measure."""

import numpy as np


def dequantised(frames):
    """uint8 -> float64, as in the original: the range [-2, 2] plus half a step."""
    return frames * (4.0 / 255.0) + 4.0 / 512.0 - 2.0


def autocorrelation(videos, lag):
    """Mean over videos (uint8 [T, F] each) of the correlation `lag` frames apart."""
    found = []
    for frames in videos:
        around = dequantised(frames) - dequantised(frames).mean(axis=0)
        found.append((around[lag:] * around[:-lag]).mean() / np.square(around).mean())
    return float(np.mean(found))
