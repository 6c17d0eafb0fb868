"""Malicious files: refused with a message or read, in a time bounded by their size."""

import gzip
import json
import os
import time
from contextlib import suppress

import numpy as np
import pytest

from tests.data.families import entry, record
from tests.data.samples import SMALL, make_video, write_split
from yt8m.data.checks import Checks, Problems
from yt8m.data.examples import encode_video
from yt8m.data.features import bytes_feature, int64_feature
from yt8m.data.inspect import inspect_shards
from yt8m.data.layouts import MOST_AROUND, Layouts
from yt8m.data.manifest import read_manifest, write_manifest
from yt8m.data.records import Records
from yt8m.data.schema import Schema, Video
from yt8m.data.survey import build_manifest, survey_shard
from yt8m.data.tfrecord import write_records
from yt8m.data.wire import delimited
from yt8m.errors import ArtefactError, RecordError, Yt8mError

SIZE = 1 << 18
SECONDS = 4
"""Seconds of computing that all readers together may take for a file of this size.

They take more if the cost of one grows with the square of the size.
"""

ALLOW = Checks("warn", "warn", "warn")


def test_no_flipped_bit_silently_removes_a_label(tmp_path):
    """As if bits were flipped in a program's memory, before checksums are computed."""
    video = Video("v1", (1, 5), make_video(1).features)
    payload = encode_video(video, SMALL)
    context = len(payload) - len(payload.split(delimited(1, b"rgb"))[1])
    values = payload.index(b"\x0a\x02\x01\x05") + 2
    poorer = []
    for position in set(range(context)) - {values, values + 1}:
        for bit in range(8):
            damaged = bytearray(payload)
            damaged[position] ^= 1 << bit
            write_records(tmp_path / "x", [payload, bytes(damaged)])
            try:
                found = survey_shard(tmp_path / "x", SMALL)
            except RecordError:
                continue
            if found.labels != 4 and found.problems == Problems():
                poorer.append((position, bit))
    assert not poorer


def repeated(part: bytes, around=lambda parts: parts, size: int = SIZE) -> bytes:
    return around(part * (size // len(part)))


def with_labels(parts: bytes) -> bytes:
    return record() + entry(b"labels", parts)


LARGE = {
    "a value in many parts": record()
    + repeated(delimited(2, b""), lambda p: delimited(1, delimited(1, delimited(1, b"x") + p))),
    "an id in many parts": record()
    + repeated(
        delimited(2, b"\x0a\x03\x0a\x01a"),
        lambda p: delimited(1, delimited(1, delimited(1, b"id") + p)),
    ),
    "an entry many times": record() + repeated(entry(b"id", bytes_feature(b"a"))),
    "a name many times": record()
    + delimited(1, *[delimited(1, delimited(1, b"x%06d" % n)) for n in range(60_000)]),
    "a context many times": repeated(delimited(1, b"")) + record(),
    "labels one by one": with_labels(repeated(int64_feature([1]))),
    "labels in one run": with_labels(int64_feature([3] * SIZE)),
    "labels that are no labels": with_labels(repeated(delimited(9, b""))),
    "frames in an unusual encoding": delimited(1, entry(b"id", bytes_feature(b"a"))[2:])
    + delimited(
        2,
        *(
            delimited(1, delimited(1, name), delimited(2, row * (SIZE // 50)))
            for name, row in (
                (b"rgb", delimited(1, delimited(9, b"?"), bytes_feature(b"abcdef"))),
                (b"audio", delimited(1, delimited(9, b"?"), bytes_feature(b"abc"))),
            )
        ),
    ),
    "fields that nobody knows": record() + repeated(delimited(9, b"?")),
    "zeros": bytes(SIZE),
}


@pytest.mark.parametrize("name", LARGE)
def test_the_time_to_read_a_large_record_is_bounded_by_its_size(tmp_path, name):
    write_records(tmp_path / "x", [record(seed=2), LARGE[name]])
    start = time.process_time()
    try:
        manifest = build_manifest([tmp_path / "x"], SMALL, "train", checks=ALLOW)
        Records(manifest).batch(np.array([1, 0]))
        readable = True
    except RecordError as error:
        assert len(str(error)) < 2000
        readable = False
    assert (not inspect_shards([tmp_path / "x"], SMALL, ALLOW).damages) == readable
    inspect_shards([tmp_path / "x"], None, ALLOW)
    assert time.process_time() - start < SECONDS


def test_the_time_to_read_many_small_gzip_members_is_bounded_by_their_size(tmp_path):
    (tmp_path / "x").write_bytes(gzip.compress(b"") * (SIZE // 20))
    start = time.process_time()
    with pytest.raises(RecordError, match="holds no records"):
        survey_shard(tmp_path / "x", SMALL)
    assert time.process_time() - start < SECONDS


def test_the_layout_of_a_large_record_is_not_remembered():
    layouts = Layouts()
    for size in (MOST_AROUND // 2, MOST_AROUND * 2):
        layouts.read_record(memoryview(record() + delimited(9, bytes(size))))
    assert [found is None for found in layouts._known.values()] == [False, True]


@pytest.mark.parametrize("seed", range(150))
def test_all_readers_agree_on_damaged_payloads(tmp_path, seed):
    random = np.random.default_rng(seed)
    payload = bytearray(record())
    for _ in range(random.integers(1, 4)):
        payload[random.integers(len(payload))] = random.integers(256)
    write_records(
        tmp_path / "x", [record(seed=2), payload[: random.integers(20, len(payload) + 1)]]
    )
    try:
        manifest = build_manifest([tmp_path / "x"], SMALL, "train")
        readable = bool(Records(manifest).batch(np.array([0, 1])).ids)
    except RecordError as error:
        assert f"{tmp_path}/x" in str(error)
        readable = False
    found = inspect_shards([tmp_path / "x"], SMALL)
    assert (not found.damages and not found.refused) == readable


@pytest.mark.parametrize("kind", ["pipe", "folder"])
def test_all_readers_refuse_a_shard_that_is_not_a_file(tmp_path, kind):
    manifest = write_split(tmp_path)
    manifest.shards[0].path.unlink()
    (os.mkfifo if kind == "pipe" else os.mkdir)(manifest.shards[0].path)
    message = r"train-00.tfrecord: cannot be read \(it is a .*; expected a regular file\)"
    with pytest.raises(RecordError, match=message):
        Records(manifest).batch(np.array([0]))
    with pytest.raises(RecordError, match=message):
        survey_shard(manifest.shards[0].path, SMALL)
    assert len(inspect_shards([shard.path for shard in manifest.shards]).damages) == 1


VALUES = (None, True, -1, 0, 2**70, 0.5, float("nan"), "", "x", "a\0b", [], [[]], {}, {"a": 1})


def leaves(content, place=()):
    """Places of all values of a JSON content, including whole lists and mappings."""
    if place:
        yield place
    if isinstance(content, (dict, list)):
        for key, value in content.items() if isinstance(content, dict) else enumerate(content):
            yield from leaves(value, (*place, key))


def put(content, place, value) -> None:
    for key in place[:-1]:
        content = content[key]
    content[place[-1]] = value


def test_any_value_in_a_manifest_is_refused_in_one_line_or_read(tmp_path):
    good = write_split(tmp_path)
    write_manifest(good, tmp_path / "m.json")
    text = (tmp_path / "m.json").read_text()
    for place in leaves(json.loads(text)):
        for value in VALUES:
            content = json.loads(text)
            put(content, place, value)
            (tmp_path / "m.json").write_text(json.dumps(content))
            try:
                found = read_manifest(tmp_path / "m.json")
            except ArtefactError as error:
                assert str(error).startswith(f"{tmp_path}/m.json") and "\n" not in str(error)
                continue
            # A valid value that does not match the shards is detected when these are read.
            with suppress(Yt8mError):
                Records(found).batch(np.arange(len(found.shards)))


@pytest.mark.parametrize("seed", range(100))
def test_a_damaged_manifest_is_refused_in_one_line(tmp_path, seed):
    write_manifest(write_split(tmp_path), tmp_path / "m.json")
    random = np.random.default_rng(seed)
    data = bytearray((tmp_path / "m.json").read_bytes())
    data[random.integers(len(data))] = random.integers(256)
    (tmp_path / "m.json").write_bytes(data)
    try:
        read_manifest(tmp_path / "m.json")
    except ArtefactError as error:
        assert str(error).startswith(f"{tmp_path}/m.json") and "\n" not in str(error)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({}, r"is \{\}; expected the keys classes, features, layout, max_frames"),
        ([], r"is \[\]; expected the keys"),
        ({"classes": 0}, "classes: is 0; expected 1 to 65,536"),
        ({"classes": "30"}, "classes: is '30'"),
        ({"classes": 70_000}, "classes: is 70000"),
        ({"max_frames": 0}, "max_frames: is 0; expected 1 to"),
        ({"max_frames": True}, "max_frames: is True"),
        ({"layout": "poem"}, "layout: is 'poem'; expected frame or video"),
        ({"layout": ["frame"]}, "layout: is"),
        ({"features": []}, "features: is"),
        ({"features": {"rgb": 6}}, "features: is"),
        ({"features": [["rgb", 0]]}, "features: is"),
        ({"features": [["rgb", 6], ["rgb", 6]]}, "features: .* each name once"),
        ({"features": [[["rgb"], 6]]}, "features: is"),
        ({"features": "abcd"}, "features: is"),
        ({"more": 1}, "expected the keys"),
    ],
)
def test_an_invalid_schema_is_refused(content, message):
    whole = SMALL.as_json() | content if content and isinstance(content, dict) else content
    with pytest.raises(ValueError, match=message):
        Schema.from_json(whole)
