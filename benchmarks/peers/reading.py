"""Batches of records by TensorFlow's parser, which parses a batch at once; frames stay bytes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import tensorflow as tf

WINDOW = 512
"""Size of the shuffle buffer, in records."""


@dataclass(frozen=True)
class Parser:
    """Parses the serialised videos of a batch.

    features: values per frame of each. classes: C. sampled: random frames per video, drawn with
    replacement; 0 for all.
    """

    features: Mapping[str, int]
    classes: int
    sampled: int = 0

    def __call__(self, videos):
        """videos: strings [B]. Returns ids, frames uint8 [B, T, F], num_frames, labels [B, C]."""
        context, lists, lengths = tf.io.parse_sequence_example(
            videos,
            {"id": tf.io.FixedLenFeature([], tf.string), "labels": tf.io.VarLenFeature(tf.int64)},
            {name: tf.io.FixedLenSequenceFeature([], tf.string) for name in self.features},
        )
        num_frames = tf.cast(lengths[next(iter(self.features))], tf.int32)
        if self.sampled:
            uniform = tf.random.uniform((tf.size(num_frames), self.sampled))
            chosen = tf.cast(uniform * tf.cast(num_frames, tf.float32)[:, None], tf.int32)
            lists = {name: tf.gather(rows, chosen, batch_dims=1) for name, rows in lists.items()}
            num_frames = tf.fill(tf.shape(num_frames), self.sampled)
        decoded = [
            tf.io.decode_raw(lists[name], tf.uint8, fixed_length=size)  # zeros for padding
            for name, size in self.features.items()
        ]
        hot = tf.sparse.to_indicator(context["labels"], self.classes)
        return context["id"], tf.concat(decoded, axis=2), num_frames, hot


def shuffled(
    paths: Sequence[str], parser: Parser, batch_size: int, taught: Sequence[str] = ()
) -> tf.data.Dataset:
    """Batches as the parser returns them, of several files interleaved, in random order.

    taught: files with a teacher's probabilities of the same videos, whose rows float32 [B, C] are
    then the last part of a batch.
    """
    files = tf.data.Dataset.from_tensor_slices((list(paths), list(taught or paths)))
    records = files.shuffle(len(paths)).interleave(
        _both if taught else lambda path, _: tf.data.TFRecordDataset(path),
        cycle_length=len(paths),
        num_parallel_calls=tf.data.AUTOTUNE,
        deterministic=False,
    )

    def parse(videos, teacher=None):
        found = parser(videos)
        return found if teacher is None else (*found, _probabilities(teacher, parser.classes))

    batches = records.shuffle(WINDOW).batch(batch_size)
    return batches.map(parse, tf.data.AUTOTUNE, deterministic=False).prefetch(tf.data.AUTOTUNE)


def in_order(paths: Sequence[str], parser: Parser, batch_size: int) -> tf.data.Dataset:
    """Batches of (serialised videos, what the parser returns of them), in the files' order."""
    batches = tf.data.TFRecordDataset(list(paths)).batch(batch_size)
    both = batches.map(lambda videos: (videos, parser(videos)), tf.data.AUTOTUNE)
    return both.prefetch(tf.data.AUTOTUNE)


def write_taught(ids: Sequence[bytes], probabilities, path: str) -> None:
    """Probabilities of some videos, float32 [N, C], as `tf.train.Example`s."""
    with tf.io.TFRecordWriter(path) as writer:
        for id, row in zip(ids, probabilities, strict=True):
            example = tf.train.Example()
            example.features.feature["id"].bytes_list.value.append(id)
            example.features.feature["predictions"].float_list.value.extend(row)
            writer.write(example.SerializeToString())


def _both(path, taught):
    return tf.data.Dataset.zip(tf.data.TFRecordDataset(path), tf.data.TFRecordDataset(taught))


def _probabilities(records, classes: int):
    of = {"predictions": tf.io.FixedLenFeature([classes], tf.float32)}
    return tf.io.parse_example(records, of)["predictions"]
