"""Records of .npy files as a plain loop: `np.load`, TensorFlow's protocol buffers and writer."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import tensorflow as tf

LOW, HIGH = -2.0, 2.0
"""The range of the bytes."""


class Plain:
    """One video after another. paths: arrays, float32 [T, R], named as the videos.

    scaled: whether values are first scaled to mean 0 and deviation 1, which reads all twice.
    """

    def __init__(self, paths: Sequence[Path], scaled: bool, out: Path):
        self.paths, self.scaled, self.out = paths, scaled, out

    def __call__(self) -> int:
        """Write the records, and count the bytes that were read of arrays."""
        mean, deviation = self._moments() if self.scaled else (0.0, 1.0)
        size = 0
        with tf.io.TFRecordWriter(str(self.out)) as writer:
            for path in self.paths:
                values = np.load(path)
                size += values.nbytes
                values = (values - mean) / deviation
                clipped = np.clip(values, LOW, HIGH) - LOW
                frames = (clipped * (255 / (HIGH - LOW))).astype(np.uint8)
                writer.write(_record(path.stem, frames).SerializeToString())
        return size

    def _moments(self) -> tuple[np.ndarray, np.ndarray]:
        """Mean and deviation of each value over all frames, float32 [R] each."""
        count, total, squares = 0, 0.0, 0.0
        for path in self.paths:
            values = np.load(path).astype(np.float64)
            count += len(values)
            total = total + values.sum(axis=0)
            squares = squares + (values**2).sum(axis=0)
        mean = total / count
        variance = (squares - count * mean**2) / (count - 1)
        return mean.astype("float32"), np.sqrt(variance).astype("float32")


class Loaded:
    """Only `np.load`."""

    def __init__(self, paths: Sequence[Path]):
        self.paths = paths

    def __call__(self) -> int:
        """Load all arrays, and count their bytes."""
        return sum(np.load(path).nbytes for path in self.paths)


class Read:
    """Only reading, into the same memory: what a disk gives to one file after another."""

    def __init__(self, paths: Sequence[Path]):
        self.paths = paths

    def __call__(self) -> int:
        """Read all files, and count their bytes."""
        memory, size = bytearray(1 << 20), 0
        for path in self.paths:
            with path.open("rb", buffering=0) as file:
                while count := file.readinto(memory):
                    size += count
        return size


def _record(id: str, frames: np.ndarray) -> tf.train.SequenceExample:
    example = tf.train.SequenceExample()
    example.context.feature["id"].bytes_list.value.append(id.encode())
    example.context.feature["labels"].int64_list.value.append(0)
    rows = example.feature_lists.feature_list["rgb"].feature
    for frame in frames:
        rows.add().bytes_list.value.append(frame.tobytes())
    return example
