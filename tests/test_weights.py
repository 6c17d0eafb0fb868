import json
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
def test_weights_come_back_as_saved(path, weights, quantiser):
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


def test_a_changed_byte_is_noticed_wherever_it_is(path, weights):
    save_weights(path, quantise_weights(weights, uniform.Recipe(), min_elements=1000), HEADER)
    content = path.read_bytes()
    for at in range(0, len(content), 7):
        damaged = bytearray(content)
        damaged[at] ^= 1
        path.write_bytes(damaged)
        with pytest.raises(ArtefactError, match=r"weights\.safetensors"):
            load_weights(path)


def test_a_missing_file_is_named(path):
    with pytest.raises(ArtefactError, match=r"weights\.safetensors: cannot be read"):
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


def test_weights_that_are_no_numbers_are_not_saved(path, weights):
    weights["dense/kernel"][2, 3] = np.inf
    with pytest.raises(ArtefactError, match=r"variable dense/kernel: element \[2, 3\] is inf"):
        save_weights(path, weights, HEADER)
    assert not path.exists()


def test_weights_that_are_no_numbers_are_not_loaded(path, weights, monkeypatch):
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


def test_names_that_clash_are_refused(path, weights):
    stored = quantise_weights(weights, uniform.Recipe(), min_elements=1000)
    stored["dense/kernel/codes"] = np.zeros(3)
    with pytest.raises(ArtefactError, match="two arrays would be named dense/kernel/codes"):
        save_weights(path, stored, HEADER)
