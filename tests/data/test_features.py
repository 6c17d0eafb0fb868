"""Features read by comparing their first bytes, compared with parsing them field by field."""

import numpy as np
import pytest

from yt8m.data import features as module
from yt8m.data.features import (
    FeatureError,
    bytes_feature,
    float_feature,
    int64_feature,
    read_bytes,
    read_floats,
    read_ints,
)
from yt8m.data.wire import WireError, read_varint

READERS = (read_bytes, read_floats, read_ints)


def found_by(read, data: bytes):
    """What a reader returns, as plain Python, or its error's message."""
    try:
        found = read(memoryview(data), "x")
    except (FeatureError, WireError) as error:
        return str(error)
    return found.tobytes() if isinstance(found, np.ndarray) else list(map(_plain, found))


def _plain(value):
    return bytes(value) if isinstance(value, memoryview) else value


@pytest.fixture
def parsed(monkeypatch):
    """What the full parser returns, without any shortcut."""

    def of(data: bytes) -> list:
        with monkeypatch.context() as patch:
            patch.setattr(module, "_head_of_one", lambda kind, size: b"")
            patch.setattr(module, "_short_varint", read_varint)
            return [found_by(read, data) for read in READERS]

    return of


@pytest.mark.parametrize("size", [0, 1, 2, 118, *range(120, 135), *range(16370, 16390)])
def test_features_with_lengths_of_every_width_are_read(size, parsed):
    value = bytes(size)
    data = bytes_feature(value)
    assert data.startswith(module._head_of_one(1, len(data)))
    assert module._head_of_one(1, len(data))
    assert found_by(read_bytes, data) == [value]
    for feature in (data, float_feature(np.arange(size % 1000)), int64_feature([1] * size)):
        assert [found_by(read, feature) for read in READERS] == parsed(feature)


@pytest.mark.parametrize("values", [[0], [127, 128], [16383, 16384, 300], [-1, 2**62, 5], []])
def test_integers_of_every_width_are_read(values):
    assert read_ints(memoryview(int64_feature(values)), "labels") == values


@pytest.mark.parametrize("seed", range(200))
def test_damaged_features_are_read_as_the_parser_reads_them(seed, parsed):
    random = np.random.default_rng(seed)
    whole = [
        bytes_feature(random.bytes(random.integers(0, 200))),
        float_feature(random.normal(size=random.integers(0, 40))),
        int64_feature(random.integers(0, 4000, random.integers(0, 70))),
    ]
    for feature in whole:
        damaged = bytearray(feature)
        if damaged:
            damaged[random.integers(min(6, len(damaged)))] = random.integers(256)
        cut = feature[: random.integers(len(feature) + 1)]
        for data in (feature, bytes(damaged), cut, feature + cut):
            assert [found_by(read, data) for read in READERS] == parsed(data)
