"""Frames for tests."""

import numpy as np


def frames_of(count: int, width: int, seed: int = 0) -> np.ndarray:
    """Correlated frames with means far from 0: float32 [count, width]."""
    rng = np.random.default_rng(seed)
    mixed = rng.standard_normal((count, width)) @ rng.standard_normal((width, width))
    return (mixed + rng.uniform(-50, 50, width)).astype(np.float32)


def batches_of(frames: np.ndarray, size: int):
    return (frames[start : start + size] for start in range(0, len(frames), size))
