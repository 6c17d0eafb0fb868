"""Parsing of serialised records inside a graph, for users who only have TensorFlow."""

import tensorflow as tf

from yt8m.data.schema import Schema


def parse(serialised: tf.Tensor, schema: Schema) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """Records of the schema's layout, as strings [B].

    Returns ids (string [B]), frames (uint8 [B, T, F], or float32 [B, 1, F] for the video layout)
    and num_frames (int32 [B]). A frame whose length differs from the schema is refused.
    """
    read = _parse_frames if schema.layout == "frame" else _parse_means
    return read(serialised, schema)


_IDS = {name: tf.io.FixedLenFeature([], tf.string, "") for name in ("id", "video_id")}


def _parse_frames(serialised: tf.Tensor, schema: Schema):
    strings = {name: tf.io.FixedLenSequenceFeature([], tf.string) for name in schema.features}
    context, lists, lengths = tf.io.parse_sequence_example(serialised, _IDS, strings)
    columns = [_bytes(lists[name], lengths[name], size) for name, size in schema.features.items()]
    counts = [lengths[name] for name in schema.features]
    for other in counts[1:]:
        tf.debugging.assert_equal(counts[0], other, "features of a video differ in length")
    num_frames = tf.minimum(tf.cast(counts[0], tf.int32), schema.max_frames)
    frames = tf.concat(columns, axis=2)[:, : schema.max_frames]
    return _id_of(context), frames, num_frames


def _bytes(strings: tf.Tensor, lengths: tf.Tensor, size: int) -> tf.Tensor:
    """uint8 [B, T, size] of byte strings [B, T]; 0 past a video's end."""
    present = tf.sequence_mask(lengths, tf.shape(strings)[1])
    found = tf.where(present, tf.strings.length(strings), size)
    tf.debugging.assert_equal(found, size, f"a frame is not {size} bytes long")
    frames = tf.io.decode_raw(tf.where(present, strings, tf.constant(b"\0" * size)), tf.uint8)
    return tf.ensure_shape(frames, [None, None, size])


def _parse_means(serialised: tf.Tensor, schema: Schema):
    means = {
        f"mean_{name}": tf.io.FixedLenFeature([size], tf.float32)
        for name, size in schema.features.items()
    }
    parsed = tf.io.parse_example(serialised, {**_IDS, **means})
    frames = tf.concat([parsed[name] for name in means], axis=1)[:, tf.newaxis]
    return _id_of(parsed), frames, tf.ones_like(frames[:, 0, 0], tf.int32)


def _id_of(parsed) -> tf.Tensor:
    """Ids, string [B]; if a record has both names, the same as `yt8m.data.examples.read_id`."""
    return tf.where(parsed["id"] != "", parsed["id"], parsed["video_id"])
