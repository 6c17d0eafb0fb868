import json
import os
import struct

import numpy as np
import pytest
from safetensors.numpy import save_file

from yt8m import weights as module
from yt8m.compression.plan import dequantise_weights, quantise_weights
from yt8m.compression.quantisers import float16, uniform
from yt8m.compression.storage import Encoded
from yt8m.errors import ArtefactError
from yt8m.weights import load_weights, save_weights

HEADER = {"kind": "model", "classes": 25, "settings": {"clusters": 8, "name": "größe"}}


@pytest.fixture
def weights():
    rng = np.random.default_rng(0)
    return {
        "dense/kernel": rng.standard_normal((60, 40)).astype(np.float32),
        "dense/bias": np.zeros(40, np.float32),
        "transposed": rng.random((5, 3)).astype(np.float32).T,
        "scalar": np.array(0.5, np.float32),
        "empty": np.zeros((0, 4), np.float32),
        "steps": np.array([3], np.int64),
    }


@pytest.fixture
def path(tmp_path):
    return tmp_path / "weights.safetensors"


@pytest.mark.parametrize("quantiser", [None, uniform, float16])
def test_weights_survive_the_round_trip(path, weights, quantiser):
    if quantiser:
        weights = quantise_weights(weights, quantiser.Recipe(), min_elements=1000)
    save_weights(path, weights, HEADER)
    loaded, header = load_weights(path, kind="model")
    assert header == HEADER
    assert list(loaded) == sorted(weights)
    assert isinstance(loaded["dense/kernel"], Encoded) == bool(quantiser)
    before, after = dequantise_weights(weights), dequantise_weights(loaded)
    for name, values in before.items():
        assert (after[name].dtype, after[name].shape) == (values.dtype, values.shape)
        np.testing.assert_array_equal(after[name], values)


def test_the_same_weights_make_the_same_bytes(tmp_path, weights):
    weights = quantise_weights(weights, uniform.Recipe(), min_elements=1000)
    save_weights(tmp_path / "a", weights, HEADER)
    backwards = dict(reversed(weights.items()))
    save_weights(tmp_path / "b", backwards, dict(reversed(HEADER.items())))
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert len(list(tmp_path.iterdir())) == 2


def test_the_file_is_json_and_raw_bytes(path, weights):
    """No pickles: a length, a JSON header, and the arrays end to end."""
    save_weights(path, weights, HEADER)
    content = path.read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    described = json.loads(content[8 : 8 + length])
    assert set(described.pop("__metadata__")) == {"yt8m"}
    assert set(described) == set(weights)
    start, end = described["dense/kernel"]["data_offsets"]
    assert content[8 + length :][start:end] == weights["dense/kernel"].tobytes()
    assert len(content) == 8 + length + sum(array.nbytes for array in weights.values())


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.999])
def test_a_truncated_file_is_refused(path, weights, share):
    save_weights(path, weights, HEADER)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(ArtefactError, match=r"weights\.safetensors: cannot be read"):
        load_weights(path)


def test_a_changed_byte_is_detected_anywhere(path, weights):
    save_weights(path, quantise_weights(weights, uniform.Recipe(), min_elements=1000), HEADER)
    content = path.read_bytes()
    for at in range(0, len(content), 7):
        damaged = bytearray(content)
        damaged[at] ^= 1
        path.write_bytes(damaged)
        with pytest.raises(ArtefactError, match=r"weights\.safetensors"):
            load_weights(path)


def test_a_missing_file_is_named(path):
    with pytest.raises(ArtefactError, match=r"weights\.safetensors: no such file"):
        load_weights(path)


def test_another_version_is_refused(path, weights, monkeypatch):
    monkeypatch.setattr(module, "VERSION", 99)
    save_weights(path, weights, HEADER)
    monkeypatch.undo()
    with pytest.raises(ArtefactError, match="has layout version 99; this yt8m reads 2"):
        load_weights(path)


def test_another_kind_is_refused(path, weights):
    save_weights(path, weights, HEADER)
    with pytest.raises(ArtefactError, match="holds a 'model'; expected a 'checkpoint'"):
        load_weights(path, kind="checkpoint")


def test_a_file_of_another_program_is_refused(path, weights):
    save_file({"a": np.zeros(3)}, path)
    with pytest.raises(ArtefactError, match="was not written by yt8m"):
        load_weights(path)
    for text in ("", "[1]", "{}"):
        save_file({"a": np.zeros(3)}, path, metadata={"yt8m": text})
        with pytest.raises(ArtefactError, match="cannot be read as weights"):
            load_weights(path)


def test_weights_that_are_not_finite_are_not_saved(path, weights):
    weights["dense/kernel"][2, 3] = np.inf
    with pytest.raises(ArtefactError, match=r"variable dense/kernel: element \[2, 3\] is inf"):
        save_weights(path, weights, HEADER)
    assert not path.exists()


def test_weights_that_are_not_finite_are_not_loaded(path, weights, monkeypatch):
    weights["dense/bias"][7] = np.nan
    monkeypatch.setattr(module, "refuse_not_finite", lambda name, values: None)
    save_weights(path, weights, HEADER)
    monkeypatch.undo()
    with pytest.raises(ArtefactError, match=r"variable dense/bias: element \[7\] is nan"):
        load_weights(path)


def test_a_header_without_kind_is_refused(path, weights):
    with pytest.raises(ArtefactError, match="has no 'kind'"):
        save_weights(path, weights, {"classes": 3})


@pytest.mark.parametrize("value", [float("nan"), {1, 2}, np.float32(1)])
def test_a_header_that_json_cannot_hold_is_refused(path, weights, value):
    with pytest.raises(ArtefactError, match="not plain JSON"):
        save_weights(path, weights, HEADER | {"extra": value})
    assert not path.exists()


def test_conflicting_names_are_refused(path, weights):
    stored = quantise_weights(weights, uniform.Recipe(), min_elements=1000)
    stored["dense/kernel/codes"] = np.zeros(3)
    with pytest.raises(ArtefactError, match="two arrays would be named dense/kernel/codes"):
        save_weights(path, stored, HEADER)


VALUES = np.arange(12, dtype=np.float32).reshape(3, 4)
CODES = {"codes": np.zeros((3, 4), np.uint8), "codebook": np.zeros(16, np.float32)}
COLUMNS = {"codes": np.zeros((3, 4), np.uint8), "codebook": np.zeros((1, 4, 16), np.float32)}
PACKED = {"codes": np.zeros(8, np.uint8), "codebook": np.zeros(16, np.float32)}


def test_valid_encodings_are_loaded(path):
    halves = np.zeros((3, 4), np.float16)
    fine = {
        "a": Encoded("codebook", (3, 4), CODES),
        "b": Encoded("codebook", (3, 4), COLUMNS),
        "c": Encoded("codebook", (3, 4), PACKED),
        "d": Encoded("float16", (3, 4), {"float16": halves}),
        "e": Encoded("bfloat16", (3, 4), {"bfloat16": halves.view(np.uint16)}),
    }
    save_weights(path, fine, HEADER)
    assert all(v.shape == (3, 4) for v in dequantise_weights(load_weights(path)[0]).values())


FORGED = {
    "a storage that is none": (Encoded("poem", (3, 4), CODES), "stored as 'poem', which"),
    "a storage elsewhere": (Encoded("..plan", (3, 4), CODES), r"stored as '\.\.plan', which this"),
    "the package itself": (Encoded("__init__", (3, 4), CODES), "does not know"),
    "a storage that is no word": (Encoded(5, (3, 4), CODES), r"storage: is 5; expected a text"),
    "a negative shape": (Encoded("codebook", (-3, -4), CODES), r"shape\[0\]: is -3"),
    "a shape of texts": (Encoded("codebook", ("3", 4), CODES), r"shape\[0\]: is '3'"),
    "a huge shape": (Encoded("codebook", (3, 2**62), CODES), "is stored as uint8"),
    "a shape beyond integers": (Encoded("codebook", (3, 2**70), CODES), r"shape\[1\]: is 118"),
    "many axes": (Encoded("codebook", (1,) * 40 + (12,), CODES), "has 41 axes"),
    "another shape": (Encoded("codebook", (5, 4), CODES), r"is stored as uint8 \[3, 4\]"),
    "a part missing": (
        Encoded("codebook", (3, 4), {"codes": CODES["codes"]}),
        "v/codebook.*missing",
    ),
    "parts of another storage": (Encoded("float16", (3, 4), CODES), "'v/float16' is missing"),
    "codes as floats": (
        Encoded("codebook", (3, 4), CODES | {"codes": VALUES}),
        "is stored as float32",
    ),
    "codes beyond the book": (
        Encoded("codebook", (3, 4), CODES | {"codes": np.full((3, 4), 16, np.uint8)}),
        "has codes up to 16 for 16 levels",
    ),
    "a book of integers": (
        Encoded("codebook", (3, 4), CODES | {"codebook": np.zeros(16, np.int32)}),
        r"has a codebook of int32 \[16\]",
    ),
    "a book without axes": (
        Encoded("codebook", (3, 4), CODES | {"codebook": np.float32(0).reshape(())}),
        r"has a codebook of float32 \[\]",
    ),
    "an empty book": (
        Encoded("codebook", (3, 4), CODES | {"codebook": np.zeros(0, np.float32)}),
        "has codes up to 0 for 0 levels",
    ),
    "a book of other groups": (
        Encoded("codebook", (3, 4), CODES | {"codebook": np.zeros((1, 5, 16), np.float32)}),
        "has 5 codebooks",
    ),
    "a book of no groups": (
        Encoded("codebook", (3, 4), CODES | {"codebook": np.zeros((0, 1, 16), np.float32)}),
        "has codebooks of shape",
    ),
    "packed codes of few levels": (
        Encoded("codebook", (3, 4), PACKED | {"codebook": np.zeros(9, np.float32)}),
        "has codes up to 15 for 9 levels",
    ),
    "packed codes with axes": (
        Encoded("codebook", (3, 4), PACKED | {"codes": np.zeros((2, 4), np.uint8)}),
        "is stored as uint8",
    ),
    "halves as floats": (Encoded("float16", (3, 4), {"float16": VALUES}), "stored as float32"),
    "halves of another shape": (
        Encoded("float16", (3, 5), {"float16": VALUES.astype(np.float16)}),
        "is stored as float16",
    ),
    "bits that are no numbers": (
        Encoded("bfloat16", (3, 4), {"bfloat16": np.full((3, 4), 0x7FC0, np.uint16)}),
        "that are not finite",
    ),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_header_that_contradicts_its_arrays_is_refused(path, name):
    encoded, message = FORGED[name]
    save_weights(path, {"v": encoded, "w": VALUES}, HEADER)
    with pytest.raises(ArtefactError, match=message) as error:
        load_weights(path)
    assert str(error.value).startswith(f"{path}: ") and "\n" not in str(error.value)


MODEL = {"name": "m", "recipe": {"kind": "logistic"}, "schema": {}}


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ({"kind": "weights"}, "header: model: is missing"),
        ({"kind": "weights", "model": 5}, "header: model: is 5"),
        ({"kind": "weights", "model": MODEL | {"name": None}}, "header.model.name: is None"),
        ({"kind": "weights", "model": MODEL | {"recipe": []}}, r"header.model.recipe: is \[\]"),
        ({"kind": "training state", "position": -1, "history": []}, "header.position: is -1"),
        ({"kind": "training state", "position": 1, "history": [1]}, r"header.history\[0\]: is 1"),
    ],
)
def test_a_header_without_the_fields_of_its_kind_is_refused(path, header, message):
    save_weights(path, {"w": VALUES}, header)
    with pytest.raises(ArtefactError, match=message.replace("header: ", "header.")):
        load_weights(path)


def forged(path, about: str | None = None, **tensors) -> None:
    """A safetensors file with these headers, followed by 48 bytes of values."""
    header = {"w": {"dtype": "F32", "shape": [3, 4], "data_offsets": [0, 48]}} | tensors
    if about is not None:
        header["__metadata__"] = {"yt8m": about}
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + bytes(48))


@pytest.mark.parametrize(
    ("about", "tensors"),
    [
        ("[" * 100_000, {}),
        ('{"version": 1, "version": 1}', {}),
        ('{"version": [1]}', {}),
        ('{"version": 1}', {}),
        ('{"version": 1, "sha256": 5, "encoded": {}, "header": {"kind": "x"}}', {}),
        ('{"version": 1, "sha256": "", "encoded": [], "header": {"kind": "x"}}', {}),
        ('{"version": 1, "sha256": "", "encoded": {}, "header": {"kind": 7}}', {}),
        ('{"version": 1, "sha256": "", "encoded": {}, "header": []}', {}),
        ("{}", {"w": {"dtype": "F32", "shape": [3, -4], "data_offsets": [0, 48]}}),
        ("{}", {"w": {"dtype": "F32", "shape": [2**40, 2**40], "data_offsets": [0, 48]}}),
        ("{}", {"w": {"dtype": "F32", "shape": [3, 4], "data_offsets": [0, 2**60]}}),
        ("{}", {"w": {"dtype": "F32", "shape": [3, 4], "data_offsets": [48, 0]}}),
        ("{}", {"w": {"dtype": "WORDS", "shape": [3, 4], "data_offsets": [0, 48]}}),
        ("{}", {"w": 5}),
    ],
)
def test_a_forged_file_is_refused_in_one_line(path, about, tensors):
    forged(path, about, **tensors)
    with pytest.raises(ArtefactError) as error:
        load_weights(path)
    assert str(error.value).startswith(f"{path}: ") and len(str(error.value).splitlines()) == 1


@pytest.mark.parametrize(
    "dtype", ["BF16", "F8_E4M3", "F8_E5M2", "U64", "BOOL", "C64", "F4", "F6_E2M3"]
)
def test_unsupported_types_of_weights_are_refused(path, dtype):
    sizes = {"BF16": 2, "U64": 8, "C64": 8}
    count = 48 // sizes.get(dtype, 1) if dtype[:2] not in ("F4", "F6") else 64
    tensor = {"dtype": dtype, "shape": [count], "data_offsets": [0, 48]}
    about = {"version": module.VERSION, "sha256": "0", "encoded": {}, "header": {"kind": "x"}}
    forged(path, json.dumps(about), w=tensor)
    with pytest.raises(ArtefactError, match=r"weights\.safetensors: "):
        load_weights(path)


def test_a_pipe_in_place_of_weights_is_refused(path):
    os.mkfifo(path)
    with pytest.raises(ArtefactError, match="it is a named pipe; expected a regular file"):
        load_weights(path)
