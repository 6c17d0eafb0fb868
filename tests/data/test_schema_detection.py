"""The schema of records, as far as most of them agree on it."""

import numpy as np
import pytest

from tests.data.families import also, more, record
from tests.data.samples import MEANS, SMALL, make_video
from tests.reference.protos import bytes_of, floats_of
from yt8m.data.examples import encode_video
from yt8m.data.schema_detection import detect_schema
from yt8m.data.soft_labels import encode_soft_label
from yt8m.errors import RecordError


def detected(*payloads: bytes):
    return detect_schema((memoryview(p), f"x, record {n}") for n, p in enumerate(payloads))


@pytest.mark.parametrize("schema", [SMALL, MEANS])
def test_layout_features_and_sizes_are_found(schema):
    found = detected(encode_video(make_video(3, schema=schema), schema))
    assert (found.layout, dict(found.features)) == (schema.layout, dict(schema.features))


def test_lists_of_other_lengths_or_kinds_are_not_features():
    short, long = more("shots", [bytes_of(b"x")]), more("wave", [bytes_of(b"123")] * 9)
    found = detected(record(short), record(long))
    assert dict(found.features) == {"rgb": 6, "audio": 3}


def test_lists_of_unusual_names_are_features_if_they_are_the_longest():
    def rename(context, lists):
        for name in ("rgb", "audio"):
            lists[f"my_{name}"].CopyFrom(lists[name])
            lists.pop(name)
        lists["shots"].feature.append(bytes_of(b"x"))

    assert dict(detected(record(rename)).features) == {"my_rgb": 6, "my_audio": 3}


def test_a_list_that_only_some_records_have_is_ignored():
    beside = record(more("depth", [bytes_of(b"12")] * 4))
    assert "depth" not in detected(beside, record(), record()).features
    assert detected(beside, beside, record()).features["depth"] == 2


def test_the_number_of_classes_is_taken_from_predictions_unless_they_are_text():
    assert detected(record(also("predictions", floats_of([0.5] * 7)))).classes == 7
    assert detected(record(also("predictions", bytes_of(b"x")))).classes > 65536


def test_records_without_features_are_refused_with_what_they_seem_to_be():
    soft = encode_soft_label("a", (1,), np.zeros(10, np.float32), keep=4)
    with pytest.raises(RecordError, match=r"record 0: has neither .* It is a soft label; check"):
        detected(soft)
    with pytest.raises(RecordError, match="no records to inspect"):
        detected()


def test_records_with_no_common_features_are_refused():
    def size(n):
        def change(context, lists):
            lists.pop("audio")
            for step in lists["rgb"].feature:
                step.bytes_list.value[0] = bytes(n)

        return record(change)

    with pytest.raises(RecordError, match="have no feature in common"):
        detected(size(1), size(2), size(3))
