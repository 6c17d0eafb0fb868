"""Frames of any type: how they are interpreted, or why they are refused."""

import numpy as np
import pytest

from yt8m.data.schema import Schema
from yt8m.data.value_ranges import YOUTUBE_8M, ValueRange
from yt8m.errors import ArtefactError
from yt8m.outputs.array_frames import as_frames

SCHEMA = Schema({"rgb": 6, "audio": 2}, classes=3, max_frames=9)
BYTES = np.random.default_rng(0).integers(0, 256, (5, 8))
NUMBERS = np.arange(40).reshape(5, 8)
FLOATS = BYTES * YOUTUBE_8M.step + YOUTUBE_8M.first


@pytest.mark.parametrize("dtype", ["u1", "u2", "i2", ">i4", "i8", "u8"])
def test_integers_are_read_as_bytes(dtype):
    found = as_frames(BYTES.astype(dtype), SCHEMA, "v")
    assert found.dtype == np.uint8
    np.testing.assert_array_equal(found, BYTES)


@pytest.mark.parametrize(("dtype", "error"), [("f2", 2e-3), ("f4", 0), (">f4", 0), ("f8", 1e-7)])
def test_floats_of_any_width_are_read_as_dequantised_values(dtype, error):
    found = as_frames(FLOATS.astype(dtype), SCHEMA, "v")
    assert found.dtype == np.dtype("f4") and found.dtype.isnative
    np.testing.assert_allclose(found, FLOATS.astype("f4"), atol=error, rtol=0)


@pytest.mark.parametrize("value", [0.0, 2.0078, -1.9922, -2.0])
def test_the_ends_of_the_range_and_silence_are_accepted(value):
    assert (as_frames(np.full((2, 8), value), SCHEMA, "v") == np.float32(value)).all()


def unit(frames):
    return frames / np.linalg.norm(frames, axis=1, keepdims=True)


REFUSED = {
    "bytes as float32": (BYTES.astype("f4"), r"bytes stored as floats.*astype\('uint8'\)"),
    "bytes as float64": (BYTES.astype("f8"), "look like bytes stored as floats"),
    "bytes as float16": (BYTES.astype("f2"), "look like bytes stored as floats"),
    "bytes over 255": ((BYTES / 255).astype("f4"), "look like bytes divided by 255.*round"),
    "bytes as float16 over 255": ((BYTES / 255).astype("f8"), "bytes divided by 255"),
    "raw features": (FLOATS * 7, r"byte \* 4 / 255 \+ 4 / 512 - 2"),
    "bytes and something": (BYTES + 0.25, r"byte \* 4 / 255"),
    "bytes less 128": ((BYTES - 128).astype("f4"), r"from -1\d\d to 1\d\d; expected byte"),
    "each feature of length 1": (
        np.hstack([unit(FLOATS[:, :6]), unit(FLOATS[:, 6:])]),
        "each frame's rgb and audio already have length 1",
    ),
    "signed": (BYTES.astype("i2") - 128, "int16 from -1"),
    "int8": (np.full((2, 8), -1, "i1"), "int8 from -1 to -1"),
    "too large": (BYTES.astype("u2") + 1000, "uint16 from 1"),
    "bool": (BYTES > 9, "frames are bool; expected bytes"),
    "complex": (FLOATS.astype("c8"), "frames are complex64"),
    "text": (BYTES.astype("U3"), "frames are <U3"),
    "byte strings": (BYTES.astype("S3"), r"frames are \|S3"),
    "dates": (BYTES.astype("M8[s]"), "frames are datetime64"),
    "NaN": (np.where(NUMBERS == 19, np.nan, FLOATS), "frame 2: value 3 is nan"),
    "infinity": (np.where(NUMBERS == 7, -np.inf, FLOATS), "frame 0: value 7 is -inf"),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_other_values_are_refused_with_what_they_look_like(kind):
    frames, said = REFUSED[kind]
    with pytest.raises(ArtefactError, match=f"^file, video 3.*{said}"):
        as_frames(frames, SCHEMA, "file, video 3")


RANGED = Schema(
    {"rgb": 6, "audio": 2},
    ranges={"rgb": ValueRange(0.0, 1.0), "audio": ValueRange(-30.0, 10.0)},
)


def test_floats_are_compared_with_the_range_of_their_feature():
    frames = np.float32([[0, 0.2, 0.5, 0.7, 0.9, 1, -29, 9.5]])
    np.testing.assert_array_equal(as_frames(frames, RANGED, "v"), frames)
    said = r"byte \* 1 / 255 \+ 1 / 512 \+ 0 for rgb, byte \* 40 / 255 \+ 40 / 512 - 30 for audio"
    for place, value in ((0, -0.1), (5, 1.1), (6, -31), (7, 11)):
        wrong = frames.copy()
        wrong[0, place] = value
        with pytest.raises(ArtefactError, match=said):
            as_frames(wrong, RANGED, "v")
