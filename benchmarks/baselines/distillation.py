"""A teacher's predictions as full records: `tf.train.SequenceExample`, one video at a time."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import tensorflow as tf

from benchmarks.baselines.reading import batches


def write_full(
    paths: Sequence[str],
    features: Mapping[str, int],
    classes: int,
    batch_size: int,
    predict: Callable[[np.ndarray, np.ndarray], np.ndarray],
    out: Path,
) -> int:
    """Write each shard again with probabilities beside the labels; returns the number of videos.

    predict: frames uint8 [B, T, F] and num_frames [B] -> float32 [B, C].
    """
    written = 0
    ends = np.cumsum(list(features.values()))[:-1]
    out.mkdir(parents=True, exist_ok=True)
    for path in paths:
        with tf.io.TFRecordWriter(str(out / Path(path).name)) as writer:
            for batch in batches([path], features, classes, batch_size, dequantise=False):
                ids, frames, num_frames, labels = (each.numpy() for each in batch)
                predictions = predict(frames, num_frames)
                for i, id in enumerate(ids):
                    parts = np.split(frames[i, : num_frames[i]], ends, axis=1)
                    example = _example(
                        id,
                        np.flatnonzero(labels[i]),
                        predictions[i],
                        dict(zip(features, parts, strict=True)),
                    )
                    writer.write(example.SerializeToString())
                    written += 1
    return written


def _example(
    id: bytes, labels: np.ndarray, predictions: np.ndarray, frames: Mapping[str, np.ndarray]
) -> tf.train.SequenceExample:
    context = {
        "video_id": tf.train.Feature(bytes_list=tf.train.BytesList(value=[id])),
        "labels": tf.train.Feature(int64_list=tf.train.Int64List(value=labels.tolist())),
        "predictions": tf.train.Feature(float_list=tf.train.FloatList(value=predictions.tolist())),
    }
    lists = {
        name: tf.train.FeatureList(
            feature=[
                tf.train.Feature(bytes_list=tf.train.BytesList(value=[row.tobytes()]))
                for row in rows
            ]
        )
        for name, rows in frames.items()
    }
    return tf.train.SequenceExample(
        context=tf.train.Features(feature=context),
        feature_lists=tf.train.FeatureLists(feature_list=lists),
    )
