"""JSON artefacts of any content: read, or refused in one line that names file and place."""

import os

import pytest

from yt8m.errors import ArtefactError
from yt8m.json_files import (
    AMOUNT,
    COUNT,
    DIGEST,
    NUMBER,
    PATH,
    TEXT,
    Maybe,
    one_of,
    read_json,
    write_json,
)

SHAPE = {
    "name": TEXT,
    "path": PATH,
    "digest": DIGEST,
    "size": AMOUNT,
    "count": COUNT,
    "weight": NUMBER,
    "kind": one_of("a", 2),
    "parts": [{"shape": [AMOUNT]}],
    "by_name": {str: NUMBER},
    "note": Maybe(TEXT),
}
GOOD = {
    "name": "x",
    "path": "/x",
    "digest": "0f" * 32,
    "size": 0,
    "count": 1,
    "weight": 1,
    "kind": 2,
    "parts": [{"shape": [3, 4]}, {"shape": [], "more": True}],
    "by_name": {"a": 0.5},
    "note": None,
}


def test_valid_content_survives_the_round_trip(tmp_path):
    write_json(tmp_path / "x.json", GOOD)
    assert read_json(tmp_path / "x.json", SHAPE) == GOOD
    without = {word: value for word, value in GOOD.items() if word != "note"}
    write_json(tmp_path / "x.json", without)
    assert read_json(tmp_path / "x.json", SHAPE) == without


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": 5}, "name: is 5; expected a text"),
        ({"path": "a\0b"}, r"path: is 'a\x00b'; expected a path"),
        ({"path": ""}, "path: is ''; expected a path"),
        ({"digest": None}, "digest: is None; expected a SHA-256 of 64 hexadecimal digits"),
        ({"digest": "0F" * 32}, "digest: is"),
        ({"size": -1}, "size: is -1; expected a whole number of 0 or more"),
        ({"size": 2.0}, "size: is 2.0; expected"),
        ({"size": True}, "size: is True; expected"),
        ({"size": 10**30}, "size: is 1000"),
        ({"count": 0}, "count: is 0; expected a whole number of 1 or more"),
        ({"weight": float("nan")}, "weight: is nan; expected a finite number"),
        ({"weight": float("-inf")}, "weight: is -inf; expected"),
        ({"weight": 10**400}, "weight: is 1000"),
        ({"kind": "2"}, "kind: is '2'; expected 'a' or 2"),
        ({"kind": [2]}, "kind: is [2]; expected"),
        ({"parts": {}}, "parts: is {}; expected a list"),
        ({"parts": [{"shape": [1]}, 7]}, "parts[1]: is 7; expected a mapping"),
        ({"parts": [{"shape": [1, "2"]}]}, "parts[0].shape[1]: is '2'; expected"),
        ({"parts": [{}]}, "parts[0].shape: is missing; make the file again"),
        ({"by_name": {"a\x1b[31m": "much"}}, r"by_name.a\x1b[31m: is 'much'; expected"),
        ({"note": 1}, "note: is 1; expected a text"),
    ],
)
def test_the_first_part_that_does_not_fit_is_named(tmp_path, change, message):
    write_json(tmp_path / "x.json", GOOD | change)
    with pytest.raises(ArtefactError) as error:
        read_json(tmp_path / "x.json", SHAPE)
    assert str(error.value).startswith(f"{tmp_path}/x.json: {message}")
    assert "\n" not in str(error.value) and len(str(error.value)) < 400


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "is not valid JSON, or damaged (Expecting value"),
        (b"{", "is not valid JSON, or damaged (Expecting property name"),
        (b"\xff\xfe{\x00", "is not valid JSON, or damaged ('utf-8' codec"),
        (b"\xef\xbb\xbf{}", "is not valid JSON, or damaged (Unexpected UTF-8 BOM"),
        (b"[" * 200_000, "is not valid JSON, or damaged (it is nested too deeply)"),
        (b'{"a":' * 100_000, "is not valid JSON, or damaged (it is nested too deeply)"),
        (b'{"a": 1, "a": 2}', "is not valid JSON, or damaged (the key 'a' is repeated)"),
        (b"1" * 10_000, "is not valid JSON, or damaged (Exceeds the limit"),
        (b"[1] [2]", "is not valid JSON, or damaged (Extra data"),
        (b"null", "is None; expected a mapping"),
        (b"[]", "is []; expected a mapping"),
    ],
)
def test_a_file_that_is_not_json_is_refused_in_one_line(tmp_path, text, message):
    (tmp_path / "x.json").write_bytes(text)
    with pytest.raises(ArtefactError) as error:
        read_json(tmp_path / "x.json", {})
    assert str(error.value).startswith(f"{tmp_path}/x.json: {message}")
    assert "\n" not in str(error.value)


def test_a_missing_file_and_a_pipe_are_reported(tmp_path):
    with pytest.raises(ArtefactError, match=r"x\.json: no such file; make it first"):
        read_json(tmp_path / "x.json")
    os.mkfifo(tmp_path / "x.json")
    with pytest.raises(ArtefactError, match=r"x\.json: cannot be read \(it is a named pipe"):
        read_json(tmp_path / "x.json")
