"""A teacher's probabilities in shards, by TensorFlow's protocol buffers and writer."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import tensorflow as tf

from benchmarks.peers.reading import Parser, in_order

Predict = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""From frames uint8 [B, T, F] and num_frames [B] to probabilities, float32 [B, C]."""


def write_compact(
    paths: Sequence[str], parser: Parser, batch_size: int, predict: Predict, out: Path, keep: int
) -> None:
    """Each shard's `keep` largest probabilities as float16, beside ids and labels."""
    for path, writer in _shards(paths, out):
        for _, (ids, frames, num_frames, labels) in in_order([path], parser, batch_size):
            predictions = predict(frames.numpy(), num_frames.numpy())
            classes = np.argpartition(predictions, -keep, axis=1)[:, -keep:]
            classes.sort(axis=1)
            kept = np.take_along_axis(predictions, classes, axis=1)
            left = predictions.shape[1] - keep
            rest = (predictions.sum(axis=1) - kept.sum(axis=1)) / max(left, 1)
            parts = (kept.astype("<f2"), classes.astype("<u2"), rest)
            for id, row, *found in zip(ids.numpy(), labels.numpy(), *parts, strict=True):
                writer.write(_example(id, np.flatnonzero(row), *found).SerializeToString())


def write_full(
    paths: Sequence[str], parser: Parser, batch_size: int, predict: Predict, out: Path
) -> None:
    """Each shard again, with all probabilities in the records that were read."""
    for path, writer in _shards(paths, out):
        for videos, (_, frames, num_frames, _) in in_order([path], parser, batch_size):
            predictions = predict(frames.numpy(), num_frames.numpy())
            for payload, row in zip(videos.numpy(), predictions, strict=True):
                example = tf.train.SequenceExample.FromString(payload)
                example.context.feature["predictions"].float_list.value.extend(row)
                writer.write(example.SerializeToString())


def _shards(paths: Sequence[str], out: Path):
    out.mkdir(parents=True, exist_ok=True)
    for path in paths:
        with tf.io.TFRecordWriter(str(out / Path(path).name)) as writer:
            yield path, writer


def _example(
    id: bytes, labels: np.ndarray, kept: np.ndarray, classes: np.ndarray, rest: float
) -> tf.train.Example:
    example = tf.train.Example()
    feature = example.features.feature
    feature["id"].bytes_list.value.append(id)
    feature["labels"].int64_list.value.extend(labels)
    feature["probabilities"].bytes_list.value.append(kept.tobytes())
    feature["classes"].bytes_list.value.append(classes.tobytes())
    feature["rest"].float_list.value.append(rest)
    return example
