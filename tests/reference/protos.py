"""Records written and read with TensorFlow's own protocol buffers: slow and obviously correct."""

import numpy as np
import tensorflow as tf


def bytes_of(*values: bytes) -> tf.train.Feature:
    return tf.train.Feature(bytes_list=tf.train.BytesList(value=values))


def floats_of(values) -> tf.train.Feature:
    return tf.train.Feature(float_list=tf.train.FloatList(value=values))


def ints_of(values) -> tf.train.Feature:
    return tf.train.Feature(int64_list=tf.train.Int64List(value=values))


def sequence_example(context: dict, lists: dict) -> tf.train.SequenceExample:
    """context: name -> Feature; lists: name -> [Feature, ...]."""
    return tf.train.SequenceExample(
        context=tf.train.Features(feature=context),
        feature_lists=tf.train.FeatureLists(
            feature_list={n: tf.train.FeatureList(feature=fs) for n, fs in lists.items()}
        ),
    )


def frame_record(id: str, labels, features: dict, **context) -> tf.train.SequenceExample:
    """features: name -> uint8 [T, size]."""
    return sequence_example(
        {"id": bytes_of(id.encode()), "labels": ints_of(labels), **context},
        {name: [bytes_of(row.tobytes()) for row in rows] for name, rows in features.items()},
    )


def video_record(id: str, labels, means: dict, **more) -> tf.train.Example:
    """means: name -> float32 [size]."""
    entries = {f"mean_{name}": floats_of(values) for name, values in means.items()}
    known = {"id": bytes_of(id.encode()), "labels": ints_of(labels)}
    return tf.train.Example(features=tf.train.Features(feature=known | entries | more))


def frames_in(message: tf.train.SequenceExample, name: str) -> np.ndarray:
    """uint8 [T, size]."""
    rows = message.feature_lists.feature_list[name].feature
    return np.stack([np.frombuffer(row.bytes_list.value[0], np.uint8) for row in rows])
