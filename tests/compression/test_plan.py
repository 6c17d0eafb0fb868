import numpy as np
import pytest

from yt8m.compression.plan import dequantise_weights, quantise_weights
from yt8m.compression.quantisers import float16
from yt8m.compression.quantisers.uniform import Recipe
from yt8m.compression.sizes import format_size_table, size_table
from yt8m.compression.storage import Encoded
from yt8m.errors import ArtefactError


@pytest.fixture
def weights():
    rng = np.random.default_rng(0)
    return {
        "dense/bias": np.zeros(20, np.float32),
        "dense/kernel": rng.standard_normal((51, 20)).astype(np.float32),
        "edge": rng.standard_normal(1000).astype(np.float32),
        "steps": np.arange(2000),
    }


def test_only_large_float32_variables_are_encoded(weights):
    stored = quantise_weights(weights, Recipe(), min_elements=1000)
    assert [n for n, v in stored.items() if isinstance(v, Encoded)] == ["dense/kernel"]
    assert list(stored) == list(weights)
    assert stored["edge"] is weights["edge"]


def test_decoded_weights_are_close_and_the_rest_is_unchanged(weights):
    decoded = dequantise_weights(quantise_weights(weights, Recipe(), min_elements=1000))
    kernel = weights["dense/kernel"]
    step = np.ptp(kernel.astype(np.float64)) / 255
    assert np.abs(decoded["dense/kernel"] - kernel).max() <= step / 2 * (1 + 1e-5)
    for name in ("dense/bias", "edge", "steps"):
        np.testing.assert_array_equal(decoded[name], weights[name])


def test_encoding_decoded_weights_again_changes_nothing(weights):
    once = quantise_weights(weights, Recipe(), min_elements=1000)
    twice = quantise_weights(dequantise_weights(once), Recipe(), min_elements=1000)
    for part in ("codes", "codebook"):
        np.testing.assert_array_equal(
            once["dense/kernel"].arrays[part], twice["dense/kernel"].arrays[part]
        )


def test_the_variable_that_cannot_be_encoded_is_named(weights):
    weights["dense/kernel"][3, 1] = np.nan
    with pytest.raises(ArtefactError, match=r"variable dense/kernel: element \[3, 1\] is nan"):
        quantise_weights(weights, Recipe(), min_elements=1000)


def test_the_size_table_counts_bytes_and_errors(weights):
    stored = quantise_weights(weights, Recipe(), min_elements=1000)
    rows = {row.variable: row for row in size_table(weights, stored)}
    kernel = rows["dense/kernel"]
    assert (kernel.shape, kernel.elements, kernel.storage) == ((51, 20), 1020, "codebook, 8 bits")
    assert (kernel.bytes_before, kernel.bytes_after) == (4080, 1020 + 1024)
    error = weights["dense/kernel"].astype(float) - dequantise_weights(stored)["dense/kernel"]
    assert kernel.mean_squared_error == pytest.approx(np.mean(error**2))
    assert kernel.max_error == np.abs(error).max()
    assert (rows["steps"].storage, rows["steps"].bytes_after) == ("int64", 16000)
    assert rows["edge"].mean_squared_error == rows["edge"].max_error == 0


def test_the_size_table_is_formatted(weights):
    weights["scale"], weights["empty"] = np.float32(2.0), np.zeros((0, 3), np.float32)
    stored = quantise_weights(weights, Recipe(), min_elements=1000)
    lines = format_size_table(size_table(weights, stored)).splitlines()
    assert (
        " ".join(lines[0].split()) == "variable shape elements storage before after mse max error"
    )
    assert [line.split()[0] for line in lines[1:]] == [
        *("steps", "edge", "dense/kernel", "dense/bias", "scale", "empty"),
        "total",
    ]
    kernel = " ".join(lines[3].split()[:10])
    assert kernel == "dense/kernel 51 x 20 1,020 codebook, 8 bits 4,080 2,044"
    assert lines[-1].split() == ["total", "4,041", "24,164", "22,128"]


def test_the_errors_of_an_empty_encoded_variable_are_zero():
    weights = {"empty": np.zeros((0, 3), np.float32)}
    stored = quantise_weights(weights, Recipe(), min_elements=-1)
    assert size_table(weights, stored)[0].max_error == 0.0


def test_a_variable_may_have_a_quantiser_of_its_own_or_none(weights):
    own = {"dense/kernel": None, "dense/bias": Recipe(bits=2), "edge": float16.Recipe()}
    stored = quantise_weights(weights, Recipe(), min_elements=900, own=own)
    assert stored["dense/kernel"] is weights["dense/kernel"]
    assert stored["dense/bias"].about == "codebook, 2 bits"
    assert stored["edge"].about == "float16"


def test_a_quantiser_for_an_unknown_variable_is_refused(weights):
    with pytest.raises(ArtefactError, match="dense/karnel: has a quantiser but does not exist"):
        quantise_weights(weights, Recipe(), own={"dense/karnel": None})
