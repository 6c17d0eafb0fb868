"""Records read by their similarity to earlier ones, compared with parsing each of them."""

import numpy as np
import pytest

from tests.data.samples import MEANS, SMALL, make_video
from yt8m.data import layouts as module
from yt8m.data.examples import encode_video
from yt8m.data.features import bytes_feature, mapping, read_record
from yt8m.data.layouts import Layouts
from yt8m.data.wire import WireError, delimited


def found_by(read, payload: bytes):
    """Both maps as bytes, or the error's message."""
    try:
        return [{k: bytes(v) for k, v in m.items()} for m in read(memoryview(payload))]
    except WireError as error:
        return str(error)


def assert_same(layouts: Layouts, *payloads: bytes) -> None:
    for payload in payloads:
        assert found_by(layouts.read_record, payload) == found_by(read_record, payload)


def entry(key: bytes, *values: bytes) -> bytes:
    """A context of one entry whose value is split into these parts."""
    return delimited(1, delimited(1, delimited(1, key), *(delimited(2, v) for v in values)))


@pytest.mark.parametrize("schema", [SMALL, MEANS])
def test_records_of_one_layout_are_parsed_once_and_read_the_same(schema):
    layouts = Layouts()
    payloads = [encode_video(make_video(i, schema=schema), schema) for i in range(10)]
    assert_same(layouts, *payloads)
    assert list(layouts._known) == [len(payloads[0])]
    view = memoryview(payloads[3])
    for ours, parsed in zip(layouts.read_record(view), read_record(view), strict=True):
        assert all(np.shares_memory(np.asarray(ours[k]), np.asarray(v)) for k, v in parsed.items())


@pytest.mark.parametrize("seed", range(300))
def test_damaged_records_among_sound_ones_are_read_as_the_parser_reads_them(seed):
    random = np.random.default_rng(seed)
    sound = encode_video(make_video(3, frames=2), SMALL)
    damaged = bytearray(sound)
    for _ in range(random.integers(1, 4)):
        damaged[random.integers(len(damaged))] = random.integers(256)
    assert_same(Layouts(), sound, bytes(damaged), sound)
    assert_same(Layouts(), bytes(damaged), sound, bytes(damaged))


def test_fields_in_another_order_at_the_same_length_are_read():
    a, b = ("id", bytes_feature(b"one")), ("labels", bytes_feature(b"three"))
    assert_same(Layouts(), mapping([a, b]), mapping([b, a]), mapping([a, b]))


def test_values_that_are_split_repeated_empty_or_missing_are_read():
    twice = entry(b"id", b"abcd") + entry(b"id", b"efgh")
    payloads = [
        entry(b"id", b"ab", b"cd"),
        entry(b"id", b""),
        entry(b"id"),
        twice,
        twice.replace(b"abcd", b"xxxx"),
        twice.replace(b"efgh", b"yyyy"),
        b"",
        delimited(9, b"?") + entry(b"id", b"ab"),
    ]
    layouts = Layouts()
    assert_same(layouts, *payloads, *payloads)


def test_the_number_of_remembered_lengths_is_limited(monkeypatch):
    monkeypatch.setattr(module, "MOST_LAYOUTS", 2)
    layouts = Layouts()
    payloads = [entry(b"id", b"x" * n) for n in range(1, 6)]
    assert_same(layouts, *payloads, *payloads)
    assert len(layouts._known) == 2
