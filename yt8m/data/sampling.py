"""Sampling of the frames that a model sees in training, as in the original.

Random numbers are an argument: `uniform`, float32 in [0, 1). num_frames: int32 [B].
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from yt8m.errors import ConfigError


def random_frames(uniform: np.ndarray, num_frames: np.ndarray) -> np.ndarray:
    """Frames sampled with replacement. uniform: [B, n] -> int32 [B, n]."""
    return (uniform.astype(np.float32) * num_frames.astype(np.float32)[:, None]).astype(np.int32)


def frame_sequence(uniform: np.ndarray, num_frames: np.ndarray, n: int) -> np.ndarray:
    """N consecutive frames from a random start; a short video's last frame is repeated.

    uniform: [B, 1] -> int32 [B, n].
    """
    starts = np.maximum(num_frames - n, 0) + 1  # [B]
    start = random_frames(uniform, starts)  # [B, 1]
    offsets = np.arange(n, dtype=np.int32)
    return np.minimum(start + offsets, num_frames[:, None] - 1).astype(np.int32)


def resampled_frames(uniform: np.ndarray, num_frames: np.ndarray) -> np.ndarray:
    """All frames in order; past the video's end, random ones. uniform: [B, n] -> int32 [B, n]."""
    positions = np.arange(uniform.shape[1], dtype=np.int32)
    sampled = random_frames(uniform, num_frames)
    return np.where(positions < num_frames[:, None], positions, sampled)


def shuffled_frames(uniform: np.ndarray, num_frames: np.ndarray) -> np.ndarray:
    """All frames in random order (by descending random number), then padding in its own order.

    uniform: [B, n] with n >= num_frames -> int32 [B, n]; values >= num_frames are padding.
    """
    positions = np.arange(uniform.shape[1])
    is_frame = positions < num_frames[:, None]
    keys = np.where(is_frame, -uniform.astype(np.float64), 1.0)
    return np.argsort(keys, axis=1, kind="stable").astype(np.int32)


KINDS: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "random": random_frames,
    "resampled": resampled_frames,
    "shuffled": shuffled_frames,
}
"""Kinds that take one random number per frame; "sequence" takes one per video."""


@dataclass(frozen=True)
class FrameSampler:
    """Samples frames as a pure function of (seed, epoch, step).

    kind: "random", "sequence", "resampled" or "shuffled".
    count: number of frames n per video; for "shuffled" it must be the dataset's max_frames.
    Raises ConfigError for another kind or a count below 1.
    """

    kind: str
    count: int
    seed: int = 0

    def __post_init__(self):
        known = (*KINDS, "sequence")
        if self.kind not in known:
            raise ConfigError(
                f"frame sampling: {self.kind!r} is unknown; expected one of {', '.join(known)}."
            )
        if self.count < 1:
            raise ConfigError(f"frame sampling: count is {self.count}; expected 1 or more.")

    def sample(self, epoch: int, step: int, num_frames: np.ndarray, first: int = 0) -> np.ndarray:
        """Frames for the videos of one batch, int32 [B, count].

        first: the row of the first of them, if they are a part of a larger batch.
        """
        generator = np.random.default_rng([self.seed, epoch, step])
        width = 1 if self.kind == "sequence" else self.count
        uniform = generator.random((first + len(num_frames), width), dtype=np.float32)[first:]
        if self.kind == "sequence":
            return frame_sequence(uniform, num_frames, self.count)
        return KINDS[self.kind](uniform, num_frames)
