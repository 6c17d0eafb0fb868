"""Soft labels: small, exact to float16, and refused if they do not match."""

import numpy as np
import pytest
import tensorflow as tf

from tests.reference.protos import bytes_of, floats_of, ints_of
from yt8m.data.soft_labels import decode_soft_label, encode_soft_label, largest
from yt8m.errors import RecordError

WHERE = "soft.tfrecord, record 4"


def predictions_of(classes: int, seed: int = 0) -> np.ndarray:
    """Few high probabilities and many low ones, like a classifier's. float32 [C]."""
    return np.random.default_rng(seed).beta(0.05, 5, classes).astype(np.float32)


def test_the_largest_are_kept_and_the_rest_is_spread_evenly():
    predictions = np.array([0.0, 0.5, 0.25, 0.125, 0.75, 0.0], np.float32)
    found = decode_soft_label(encode_soft_label("a", (1, 4), predictions, keep=3), 6, WHERE)
    assert (found.id, found.labels) == ("a", (1, 4))
    rest = np.float32(0.125 / 3)
    np.testing.assert_array_equal(
        found.predictions, np.float32([rest, 0.5, 0.25, rest, 0.75, rest])
    )
    assert found.predictions.dtype == np.float32


@pytest.mark.parametrize("keep", [0, 1, 900, 3861, 3862, 5000])
def test_predictions_are_kept_to_the_precision_of_float16(keep):
    predictions = predictions_of(3862)
    found = decode_soft_label(
        encode_soft_label("a", (), predictions, keep), 3862, WHERE
    ).predictions
    kept = np.argsort(-predictions, kind="stable")[:keep]
    np.testing.assert_allclose(found[kept], predictions[kept], rtol=2**-11, atol=2**-25)
    assert found.sum() == pytest.approx(predictions.sum(), rel=1e-3)


def test_a_record_of_900_classes_takes_less_than_4_kilobytes():
    record = encode_soft_label("abcd", (1, 2, 3), predictions_of(3862), keep=900)
    assert len(record) + 16 < 4000


def test_class_numbers_are_not_stored_if_all_classes_are_kept():
    record = encode_soft_label("a", (), predictions_of(10), keep=10)
    assert set(tf.train.Example.FromString(record).features.feature) == {
        "id",
        "labels",
        "probabilities",
        "rest",
    }


def test_among_equal_predictions_the_lower_classes_are_kept():
    values = np.array([0.5, 0.1, 0.5, 0.9, 0.5])
    assert np.flatnonzero(largest(values, 3)).tolist() == [0, 2, 3]


def test_classes_are_sorted_whatever_their_predictions():
    record = encode_soft_label("a", (), np.float32([0.1, 0.9, 0.0, 0.5]), keep=2)
    classes = tf.train.Example.FromString(record).features.feature["classes"].bytes_list.value[0]
    assert np.frombuffer(classes, "<u2").tolist() == [1, 3]


def soft_record(**changes) -> bytes:
    entries = {
        "id": bytes_of(b"a"),
        "labels": ints_of([1]),
        "probabilities": bytes_of(np.array([0.5, 0.25], "<f2").tobytes()),
        "classes": bytes_of(np.array([1, 3], "<u2").tobytes()),
        "rest": floats_of([0.0]),
    }
    features = {name: value for name, value in (entries | changes).items() if value is not None}
    return tf.train.Example(features=tf.train.Features(feature=features)).SerializeToString()


def test_a_record_that_tensorflow_wrote_is_read():
    found = decode_soft_label(soft_record(), 5, WHERE)
    np.testing.assert_array_equal(found.predictions, [0, 0.5, 0, 0.25, 0])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"id": None}, "id: is missing"),
        ({"labels": ints_of([5])}, "labels: holds 5, but there are 5 classes"),
        (
            {"probabilities": None},
            "probabilities: expected one byte string with two bytes per value",
        ),
        (
            {"probabilities": bytes_of(b"abc")},
            "probabilities: expected one byte string with two bytes per value",
        ),
        ({"probabilities": bytes_of(b"\x00\x7e" * 2)}, "probabilities: not all are finite"),
        ({"classes": bytes_of(b"\x01\x00")}, "classes: holds 1 classes for 2 probabilities"),
        ({"classes": bytes_of(b"\x03\x00\x01\x00")}, "classes: holds 2 .*in ascending order"),
        ({"classes": bytes_of(b"\x01\x00\x05\x00")}, "labels: holds 5, but there are 5 classes"),
        ({"classes": None}, "probabilities: holds 2 values for 5 classes .dataset.classes."),
        ({"rest": None}, "rest: expected one finite float"),
        ({"rest": floats_of([float("nan")])}, "rest: expected one finite float"),
    ],
)
def test_a_broken_record_is_refused_by_name(changes, expected):
    with pytest.raises(RecordError, match=f"^{WHERE}: {expected}"):
        decode_soft_label(soft_record(**changes), 5, WHERE)


def test_predictions_that_are_not_finite_are_not_written():
    with pytest.raises(
        RecordError, match="video 'a': the teacher's probabilities are not all finite"
    ):
        encode_soft_label("a", (), np.float32([0, np.nan]), keep=1)


def test_more_classes_than_fit_in_uint16_are_not_written():
    with pytest.raises(
        RecordError, match="video 'a': has 65537 classes; soft labels hold up to 65536"
    ):
        encode_soft_label("a", (), np.zeros(65537, np.float32), keep=1)
