"""Files of arrays: their videos, the ids of these, and what is refused."""

import zipfile

import numpy as np
import pytest

from yt8m.data.schema import Schema
from yt8m.errors import ArtefactError
from yt8m.outputs.array_kinds import ArrayKinds
from yt8m.outputs.array_videos import videos_in

SCHEMA = Schema({"rgb": 3, "audio": 2}, classes=4, max_frames=9)
MEANS = Schema({"rgb": 3, "audio": 2}, classes=4, layout="video")
MANY = np.arange(2 * 4 * 5, dtype="u1").reshape(2, 4, 5)


def read(path, schema=SCHEMA, alone=True):
    return [
        (video.id, video.frames.tolist()) for video in videos_in(path, ArrayKinds(schema), alone)
    ]


def saved(tmp_path, name, *array, **arrays):
    path = tmp_path / name
    (np.savez if name.endswith("npz") else np.save)(path, *array, **arrays)
    return path


@pytest.mark.parametrize(("alone", "ids"), [(True, ["0", "1"]), (False, ["all-0", "all-1"])])
@pytest.mark.parametrize("name", ["all.npy", "all.npz"])
def test_videos_without_ids_are_numbered(tmp_path, name, alone, ids):
    path = saved(tmp_path, name, **({"frames": MANY} if name.endswith("z") else {"arr": MANY}))
    assert read(path, alone=alone) == [(ids[0], MANY[0].tolist()), (ids[1], MANY[1].tolist())]


def test_the_array_of_one_video_is_named_after_its_file(tmp_path):
    expected = MANY[1].tolist()
    assert read(saved(tmp_path, "a.b.npy", MANY[1])) == [("a.b", expected)]
    assert read(saved(tmp_path, "ab.npz", frames=MANY[1])) == [("ab", expected)]
    assert read(saved(tmp_path, "x.npz", frames=MANY[1], ids="v", num_frames=2)) == [
        ("v", expected[:2])
    ]


def test_arrays_of_single_videos_are_named_after_their_keys(tmp_path):
    path = saved(tmp_path, "x.npz", b=MANY[0], a=MANY[1, :2])
    assert read(path) == [("b", MANY[0].tolist()), ("a", MANY[1, :2].tolist())]


def test_vectors_are_read_as_the_video_layout(tmp_path):
    means = np.ones((3, 5), "f4")
    assert [id for id, _ in read(saved(tmp_path, "m.npy", means), MEANS)] == ["0", "1", "2"]
    assert read(saved(tmp_path, "v.npy", means[0]), MEANS) == [("v", [[1.0] * 5])]


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        (np.array([b"v0", "vé".encode()]), ["v0", "vé"]),
        (np.array(["v0", "vé"]), ["v0", "vé"]),
        (np.array([7, -8]), ["7", "-8"]),
        (np.array([7, 2**64 - 1], "u8"), ["7", "18446744073709551615"]),
        (["v0", "v1"], ["v0", "v1"]),
    ],
)
def test_ids_of_every_type_are_read_as_text(tmp_path, ids, expected):
    path = saved(tmp_path, "x.npz", frames=MANY, ids=ids, num_frames=[1, 2])
    assert [id for id, _ in read(path)] == expected


OBJECTS = np.array(["v0", b"v1"], object)
REFUSED = {
    "float ids": ({"ids": [0.0, 1.0]}, "ids are float64; expected text, bytes or whole numbers"),
    "bool ids": ({"ids": [True, False]}, "ids are bool"),
    "dates as ids": ({"ids": np.array(["2020", "2021"], "M8[Y]")}, "ids are datetime64"),
    "objects as ids": ({"ids": OBJECTS}, "x.npz, ids: contains Python objects; save ids as text"),
    "no UTF-8": ({"ids": np.array([b"v0", b"\xff"])}, r"id 1 is b'\\xff', which is not valid"),
    "too few ids": ({"ids": ["v0"]}, r"shape \[1\]; expected one for each of 2 videos"),
    "ids in a table": ({"ids": [["v0", "v1"]]}, r"shape \[1, 2\]; expected one for each"),
    "too few lengths": ({"num_frames": [2]}, "expected 2 whole numbers"),
    "lengths as floats": ({"num_frames": [2.0, 2.0]}, "num_frames are float64"),
    "no frames": ({"num_frames": [2, 0]}, "video 1 has 0 frames; expected 1 to 4"),
    "too many frames": ({"num_frames": [2, 5]}, "video 1 has 5 frames; expected 1 to 4"),
    "another name": ({"labels": [1, 2]}, "holds labels beside frames"),
    "frames as objects": ({"frames": np.array([None, 1], object)}, "contains Python objects"),
    "other features": ({"frames": MANY[:, :, :4]}, r"uint8 \[2, 4, 4\]; .*\(rgb 3 \+ audio 2\)"),
    "no videos": ({"frames": MANY[:0]}, "without an empty side"),
    "four dimensions": ({"frames": MANY[None]}, r"\[1, 2, 4, 5\]"),
    "one dimension": ({"frames": MANY[0, 0]}, r"uint8 \[5\]; expected \[videos, frames, 5\]"),
    "a number": ({"frames": 3}, r"int64 \[\]"),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_invalid_arrays_are_refused_by_name(tmp_path, kind):
    arrays, said = REFUSED[kind]
    path = saved(tmp_path, "x.npz", **{"frames": MANY, **arrays})
    with pytest.raises(ArtefactError, match=said) as error:
        read(path)
    assert str(error.value).startswith(str(path))


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        ({"ids": ["a"], "num_frames": [1]}, "holds ids, num_frames, but no `frames`"),
        ({}, "holds nothing"),
        (
            {"rgb": MANY[0, :, :2], "audio": MANY[0, :, 3:]},
            r"x.npz, rgb: is uint8 \[4, 2\]; expected \[frames, 3\]",
        ),
        ({"rgb": MANY[0, :, :3]}, "x.npz: lacks audio"),
        ({"a": MANY}, None),
        ({"a": MANY[0], "ids": ["a"]}, "but no `frames`"),
    ],
)
def test_an_npz_without_frames_must_hold_only_videos_by_id(tmp_path, arrays, said):
    path = saved(tmp_path, "x.npz", **arrays)
    if said is None:
        assert len(read(path)) == 2
        return
    with pytest.raises(ArtefactError, match=said):
        read(path)


def damaged(tmp_path, kind):
    path = tmp_path / ("x.npz" if "npz" in kind else "x.npy")
    if kind == "objects":
        np.save(path, np.array([{}], object), allow_pickle=True)
    elif kind == "cut npy":
        np.save(path, MANY)
        path.write_bytes(path.read_bytes()[:-7])
    elif kind == "cut npz":
        np.savez(path, frames=MANY)
        path.write_bytes(path.read_bytes()[:-7])
    elif kind == "flipped npz":
        np.savez(path, frames=MANY)
        content = bytearray(path.read_bytes())
        content[content.find(MANY.tobytes()) + 3] ^= 8
        path.write_bytes(content)
    elif kind == "text in npz":
        path.write_text("no archive")
    elif kind == "empty":
        path.touch()
    elif kind == "claims terabytes":
        np.save(path, MANY)
        small, large = b"(2, 4, 5), }            ", b"(2000000000, 400, 5), } "
        assert small in path.read_bytes() and len(small) == len(large)
        path.write_bytes(path.read_bytes().replace(small, large))
    elif kind == "npz that claims terabytes":
        with zipfile.ZipFile(path, "w") as archive, archive.open("frames.npy", "w") as entry:
            about = {"descr": "|u1", "fortran_order": False, "shape": (2 * 10**9, 4000, 5)}
            np.lib.format.write_array_header_1_0(entry, about)
    elif kind.endswith("npz with a text"):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("frames" if kind.startswith("frames") else "v.npy", "a text")
    return path


def forged(header):
    """An .npy file with this text as the header that describes its array."""
    text = header.encode() + b"\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + bytes(10)


SHAPE = "'fortran_order': False, 'shape': (3,)"
HEADERS = {
    "no end": "(" * 9_999,
    "lines": "(\n" * 100,
    "no Python": "1 +",
    "no key": "{[]: 1}",
    "no type": f"{{'descr': (), {SHAPE}}}",
    "a large shape": f"{{'descr': '|u1', 'fortran_order': False, 'shape': ({10**30},)}}",
    "long": "{" + " " * 60_000 + "}",
}
"""Headers of .npy files, all of them invalid."""


@pytest.mark.parametrize("kind", HEADERS)
@pytest.mark.parametrize("name", ["x.npy", "x.npz"])
def test_a_forged_header_is_refused_in_one_short_line_that_names_the_file(tmp_path, kind, name):
    path, content = tmp_path / name, forged(HEADERS[kind])
    path.write_bytes(content)
    if name == "x.npz":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("v.npy", content)
    with pytest.raises(ArtefactError, match="cannot be read as arrays") as error:
        read(path)
    assert str(error.value).startswith(str(path)) and str(error.value).isprintable()
    assert len(str(error.value)) < len(str(path)) + 300


DAMAGES = ["objects", "cut npy", "cut npz", "flipped npz", "text in npz", "empty"]
DAMAGES += ["claims terabytes", "npz that claims terabytes"]
DAMAGES += ["frames in an npz with a text", "npz with a text"]


@pytest.mark.parametrize("kind", DAMAGES)
def test_a_damaged_file_is_refused_in_one_line(tmp_path, kind):
    path = damaged(tmp_path, kind)
    with pytest.raises(ArtefactError, match=r"x\.np") as error:
        read(path)
    assert len(str(error.value).splitlines()) == 1
