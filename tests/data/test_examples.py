"""Regular and irregular records in both layouts, compared with TensorFlow's protocol buffers."""

from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf

from tests.data.samples import MEANS, SMALL, make_video
from tests.reference.protos import (
    bytes_of,
    floats_of,
    frame_record,
    frames_in,
    ints_of,
    video_record,
)
from yt8m.data.examples import decode_video, encode_video, most_frames
from yt8m.data.frame_lists import as_table, encode_frames, parse_frames
from yt8m.data.schema import Schema, Video
from yt8m.data.wire import delimited
from yt8m.errors import RecordError

WHERE = "train-00.tfrecord, record 17"
PREDICTIONS = np.linspace(0, 1, 10, dtype=np.float32)


def decode(message, schema=SMALL) -> Video:
    data = message if isinstance(message, bytes) else message.SerializeToString()
    return decode_video(data, schema, WHERE)


def assert_same(found: Video, expected: Video) -> None:
    assert (found.id, found.labels) == (expected.id, expected.labels)
    assert list(found.features) == list(expected.features)
    for name, values in expected.features.items():
        np.testing.assert_array_equal(found.features[name], values)
        assert found.features[name].dtype == values.dtype
    assert (found.predictions is None) == (expected.predictions is None)
    if expected.predictions is not None:
        np.testing.assert_array_equal(found.predictions, expected.predictions)


@pytest.mark.parametrize("schema", [SMALL, MEANS])
@pytest.mark.parametrize("predictions", [None, PREDICTIONS])
@pytest.mark.parametrize("id_field", ["id", "video_id"])
def test_a_video_survives_the_round_trip(schema, predictions, id_field):
    video = make_video(3, schema=schema, predictions=predictions)
    assert_same(decode(encode_video(video, schema, id_field), schema), video)


def test_tensorflow_reads_our_frame_level_record():
    video = make_video(3, predictions=PREDICTIONS)
    message = tf.train.SequenceExample.FromString(encode_video(video, SMALL, "video_id"))
    context = message.context.feature
    assert context["video_id"].bytes_list.value[:] == [b"v3"]
    assert context["labels"].int64_list.value[:] == [3]
    assert context["predictions"].float_list.value[:] == PREDICTIONS.tolist()
    assert set(message.feature_lists.feature_list) == {"rgb", "audio"}
    for name, values in video.features.items():
        np.testing.assert_array_equal(frames_in(message, name), values)


def test_tensorflow_reads_our_video_level_record():
    video = make_video(3, schema=MEANS)
    entries = tf.train.Example.FromString(encode_video(video, MEANS)).features.feature
    assert entries["id"].bytes_list.value[:] == [b"v3"]
    assert entries["mean_audio"].float_list.value[:] == video.features["audio"].tolist()


def test_we_read_tensorflows_records():
    video = make_video(3)
    assert_same(decode(frame_record(video.id, video.labels, video.features)), video)
    means = make_video(3, schema=MEANS)
    assert_same(decode(video_record(means.id, means.labels, means.features), MEANS), means)


def test_frames_of_real_size_are_views_of_the_record():
    schema = Schema()
    video = make_video(1, 300, schema)
    payload = np.frombuffer(encode_video(video, schema), np.uint8)
    found = decode_video(memoryview(payload), schema, WHERE)
    assert_same(found, video)
    assert all(np.shares_memory(values, payload) for values in found.features.values())


@pytest.mark.parametrize(
    "size", [1, 2, 119, 120, 121, 122, 123, 124, 125, 126, 127, 128, 129, 16384]
)
def test_a_list_of_frames_with_lengths_of_every_width_is_read_as_a_table(size):
    frames = np.random.default_rng(size).integers(0, 256, (3, size), np.uint8)
    data = encode_frames(frames)
    message = tf.train.FeatureList(feature=[bytes_of(row.tobytes()) for row in frames])
    assert data == message.SerializeToString()
    np.testing.assert_array_equal(as_table(memoryview(data), size), frames)
    np.testing.assert_array_equal(parse_frames(memoryview(data), size, "rgb"), frames)


def test_frames_in_an_unusual_encoding_are_read_correctly():
    video = make_video(3, frames=3)
    unknown = delimited(9, b"?")

    def row(values):  # unknown fields around, and a length in more bytes than it needs
        value = b"\x0a" + bytes([len(values) | 0x80, 0x00]) + values.tobytes()
        return delimited(1, unknown, delimited(1, value, unknown))

    lists = {n: b"".join(map(row, v)) + unknown for n, v in video.features.items()}
    entries = [delimited(1, delimited(2, v), delimited(1, n.encode())) for n, v in lists.items()]
    context = frame_record(video.id, video.labels, {}).SerializeToString()
    payload = unknown + delimited(2, *entries) + context
    assert as_table(memoryview(lists["rgb"]), 6) is None
    assert_same(decode(payload), video)


def test_labels_may_be_packed_or_not():
    unpacked = delimited(3, b"\x08\x07\x08\x02")  # Int64List of 7 and 2, one field each
    mixed = delimited(3, delimited(1, b"\x07"), b"\x08\x02")
    video = make_video(3)
    for labels in (unpacked, mixed):
        entry = delimited(1, delimited(1, b"labels"), delimited(2, labels))
        payload = encode_video(video, SMALL) + delimited(1, entry)
        assert decode(payload).labels == (2, 7)


def test_floats_may_be_packed_or_not():
    video = make_video(3, schema=MEANS)
    values = video.features["rgb"].astype("<f4")
    floats = b"".join(b"\x0d" + value.tobytes() for value in values)
    entry = delimited(1, delimited(1, b"mean_rgb"), delimited(2, delimited(2, floats)))
    assert_same(decode(encode_video(video, MEANS) + delimited(1, entry), MEANS), video)


def test_labels_are_sorted_and_unique():
    video = make_video(3)
    assert decode(frame_record("a", [5, 2, 5, 9, 0], video.features)).labels == (0, 2, 5, 9)


def test_a_record_without_labels_is_unlabelled():
    video = make_video(3)
    message = frame_record("a", [], video.features)
    assert decode(message).labels == ()
    del message.context.feature["labels"]
    assert decode(message).labels == ()


def test_features_outside_of_the_schema_are_ignored():
    video = make_video(3)
    broken = frame_record("a", [1], video.features)
    broken.feature_lists.feature_list["audio"].feature[1].bytes_list.value[0] = b"too long by far"
    found = decode(broken, Schema({"rgb": 6}, classes=10))
    np.testing.assert_array_equal(found.features["rgb"], video.features["rgb"])
    assert list(found.features) == ["rgb"]


def test_frames_beyond_the_maximum_are_cut_off():
    video = make_video(3, frames=12)
    found = decode(encode_video(video, SMALL))
    np.testing.assert_array_equal(found.features["audio"], video.features["audio"][:8])


def broken(change) -> tf.train.SequenceExample:
    message = frame_record("a", [1], make_video(3).features)
    change(message.context.feature, message.feature_lists.feature_list)
    return message


BROKEN_FRAMES = {
    "no id": (lambda c, f: c.pop("id"), "id: is missing (and so is video_id); found labels."),
    "two ids": (lambda c, f: c["id"].MergeFrom(bytes_of(b"b")), "id: holds 2 byte strings"),
    "a number for an id": (lambda c, f: c["id"].CopyFrom(ints_of([1])), "id: holds integers"),
    "no rgb": (lambda c, f: f.pop("rgb"), "rgb: feature list is missing; found audio."),
    "no frames": (lambda c, f: f["rgb"].Clear(), "rgb: holds no frames; expected 1 or more."),
    "a short frame": (
        lambda c, f: f["rgb"].feature[2].CopyFrom(bytes_of(b"abcde")),
        "rgb, frame 2: holds 5 bytes; expected 6.",
    ),
    "an empty frame": (
        lambda c, f: f["audio"].feature[3].Clear(),
        "audio, frame 3: holds 0 byte strings; expected 1.",
    ),
    "floats for bytes": (
        lambda c, f: f["rgb"].feature[0].CopyFrom(floats_of([1.0])),
        "rgb, frame 0: holds floats; expected byte strings. A frame is stored as one byte",
    ),
    "another frame of rgb": (
        lambda c, f: f["rgb"].feature.add().CopyFrom(bytes_of(b"abcdef")),
        "features differ in their number of frames: rgb 5, audio 4.",
    ),
    "a label too high": (
        lambda c, f: c["labels"].CopyFrom(ints_of([1, 10])),
        "labels: holds 10, but there are 10 classes, 0 to 9 (dataset.classes).",
    ),
    "a negative label": (lambda c, f: c["labels"].CopyFrom(ints_of([-1])), "labels: holds -1, but"),
    "a label in words": (
        lambda c, f: c["labels"].CopyFrom(bytes_of(b"food")),
        "labels: holds byte strings; expected integers.",
    ),
    "too few predictions": (
        lambda c, f: c["predictions"].CopyFrom(floats_of([0.5] * 9)),
        "predictions: holds 9 values; expected 10.",
    ),
    "predictions that are not finite": (
        lambda c, f: c["predictions"].CopyFrom(floats_of([0.5] * 9 + [float("nan")])),
        "predictions: value 9 is nan; it must be finite.",
    ),
}


@pytest.mark.parametrize("case", BROKEN_FRAMES)
def test_a_broken_frame_level_record_is_refused_by_name(case):
    change, expected = BROKEN_FRAMES[case]
    with pytest.raises(RecordError) as error:
        decode(broken(change))
    assert str(error.value).startswith(f"{WHERE}: {expected}")


@pytest.mark.parametrize(
    ("means", "expected"),
    [
        ({"rgb": [0.0] * 6}, "mean_audio: is missing; found id, labels, mean_rgb."),
        ({"rgb": [0.0] * 5, "audio": [0.0] * 3}, "mean_rgb: holds 5 values; expected 6."),
        ({"rgb": [0.0] * 6, "audio": [0, np.inf, 0]}, "mean_audio: value 1 is inf; it must be"),
        ({"rgb": [np.nan] * 6, "audio": [0.0] * 3}, "mean_rgb: value 0 is nan; it must be finite."),
    ],
)
def test_a_broken_video_level_record_is_refused_by_name(means, expected):
    with pytest.raises(RecordError) as error:
        decode(video_record("a", [1], means), MEANS)
    assert str(error.value).startswith(f"{WHERE}: {expected}")


def test_a_video_level_record_among_frame_level_ones_is_recognised():
    means = make_video(3, schema=MEANS)
    with pytest.raises(RecordError, match=r"video-level record \(dataset\.layout\)"):
        decode(video_record("a", [1], means.features))


def test_a_record_truncated_anywhere_is_refused_or_still_complete():
    payload = encode_video(make_video(3, frames=2), SMALL)
    for keep in range(len(payload)):
        with pytest.raises(RecordError, match=f"^{WHERE}: "):
            decode(payload[:keep])


@pytest.mark.parametrize("seed", range(200))
def test_random_damage_is_an_error_or_a_video_but_never_a_crash(seed):
    generator = np.random.default_rng(seed)
    payload = bytearray(encode_video(make_video(3, frames=2), SMALL))
    for _ in range(3):
        payload[generator.integers(len(payload))] = generator.integers(256)
    try:
        theirs = tf.train.SequenceExample.FromString(bytes(payload))
    except Exception:
        theirs = None
    try:
        ours = decode(bytes(payload))
    except RecordError:
        return
    if theirs is not None and "rgb" in theirs.feature_lists.feature_list:
        np.testing.assert_array_equal(ours.features["rgb"], frames_in(theirs, "rgb")[:8])


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"labels": (10,)}, "labels: holds 10"),
        ({"features": {"rgb": np.zeros((2, 6), np.uint8)}}, "audio: is missing; the video has rgb"),
        ({"predictions": PREDICTIONS[:3]}, "predictions: holds 3 values; expected 10"),
        (
            {"features": {"rgb": np.zeros((2, 6)), "audio": np.zeros((2, 3), np.uint8)}},
            r"rgb: is float64 \(2, 6\); expected uint8 \(frames, 6\)",
        ),
        (
            {"features": {"rgb": np.zeros((2, 6), "u1"), "audio": np.zeros((3, 3), "u1")}},
            "features differ in their number of frames: rgb 2, audio 3",
        ),
    ],
)
def test_a_video_that_does_not_fit_the_schema_is_not_written(change, expected):
    fields = {"id": "v3", "labels": (3,), "features": make_video(3).features} | change
    with pytest.raises(RecordError, match=f"video 'v3': {expected}"):
        encode_video(Video(**fields), SMALL)


@pytest.mark.parametrize("predicted", [False, True])
@pytest.mark.parametrize("frames", [1, 2, 7, 8])
def test_a_records_size_bounds_its_frames(frames, predicted):
    """The bound is tight: the id and the labels take fewer bytes than two frames."""
    more = {"predictions": np.full(SMALL.classes, 0.5, np.float32)} if predicted else {}
    record = encode_video(make_video(1, frames, **more), SMALL)
    found = most_frames(len(record), replace(SMALL, max_frames=300), predicted)
    assert frames <= found <= frames + 5
    assert most_frames(len(record), replace(SMALL, max_frames=frames), predicted) == frames


def test_an_empty_record_has_no_frames():
    assert most_frames(0, SMALL, has_predictions=True) == 0


@pytest.mark.parametrize("schema", [SMALL, MEANS])
def test_a_record_names_the_features_that_its_video_lacks(schema):
    video = make_video(3, schema=schema)
    assert decode(encode_video(video, schema), schema).absent == ()
    record = encode_video(replace(video, absent=("audio", "é")), schema)
    assert decode(record, schema).absent == ("audio", "é")
    reading = tf.train.SequenceExample if schema == SMALL else tf.train.Example
    read = reading.FromString(record)
    context = read.context if schema == SMALL else read.features
    assert list(context.feature["absent"].bytes_list.value) == [b"audio", "é".encode()]
    assert_same(decode(record, schema), video)
