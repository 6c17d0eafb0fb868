"""Frame-level records as batches, with `tf.data` alone."""

from collections.abc import Mapping, Sequence

import tensorflow as tf

WINDOW = 512
"""Size of the shuffle buffer, in records."""


def batches(
    paths: Sequence[str],
    features: Mapping[str, int],
    classes: int,
    batch_size: int,
    dequantise: bool = True,
) -> tf.data.Dataset:
    """Batches of (ids, frames [B, T, F], num_frames [B], labels [B, C]), shuffled.

    dequantise: frames are float32 in about [-2, 2]; otherwise the raw bytes.
    """

    def parse(record):
        context, lists = tf.io.parse_single_sequence_example(
            record,
            {"id": tf.io.FixedLenFeature([], tf.string), "labels": tf.io.VarLenFeature(tf.int64)},
            {name: tf.io.FixedLenSequenceFeature([], tf.string) for name in features},
        )
        decoded = [
            tf.reshape(tf.io.decode_raw(lists[name], tf.uint8), [-1, size])
            for name, size in features.items()
        ]
        frames = tf.concat(decoded, axis=1)
        if dequantise:
            frames = tf.cast(frames, tf.float32) * (4.0 / 255.0) + (4.0 / 512.0 - 2.0)
        hot = tf.sparse.to_indicator(context["labels"], classes)
        return context["id"], frames, tf.shape(frames)[0], hot

    records = unparsed(paths)
    videos = records.shuffle(WINDOW).map(parse, tf.data.AUTOTUNE, deterministic=False)
    shapes = ([], [None, sum(features.values())], [], [classes])
    return videos.padded_batch(batch_size, shapes).prefetch(tf.data.AUTOTUNE)


def unparsed(paths: Sequence[str]) -> tf.data.Dataset:
    """The records' bytes, several files interleaved."""
    files = tf.data.Dataset.from_tensor_slices(list(paths)).shuffle(len(paths))
    return files.interleave(
        tf.data.TFRecordDataset,
        cycle_length=len(paths),
        num_parallel_calls=tf.data.AUTOTUNE,
        deterministic=False,
    )
