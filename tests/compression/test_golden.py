"""Quantised variables compared with those of the original program."""

import numpy as np
import pytest

from tests.goldens import Numbers
from yt8m.compression.nearest import nearest
from yt8m.compression.plan import dequantise_weights, quantise_weights
from yt8m.compression.quantisers import float16, kmeans, quantile, uniform
from yt8m.compression.storage import Encoded, decode

LARGE = ["a2d", "b1d", "c3d", "d_grid"]


@pytest.fixture(scope="module")
def original(golden):
    with np.load(golden("quantize.npz")) as file:
        return Numbers(file)


@pytest.fixture(scope="module")
def variables(original):
    found = {k.removeprefix("var/"): v for k, v in original.items() if k.startswith("var/")}
    return Numbers(found)


def test_the_same_variables_are_quantised(variables):
    stored = quantise_weights(variables, uniform.Recipe())
    expected = [name for name in LARGE if name in variables]
    assert sorted(name for name, v in stored.items() if isinstance(v, Encoded)) == expected


@pytest.mark.parametrize("name", LARGE)
def test_uniform_is_exact(original, variables, name):
    encoded = uniform.Recipe().encode(variables[name])
    np.testing.assert_array_equal(
        encoded.arrays["codebook"], original[f"quant_uniform/{name}/space"]
    )
    np.testing.assert_array_equal(encoded.arrays["codes"], original[f"quant_uniform/{name}/quants"])


@pytest.mark.parametrize("name", LARGE)
def test_codes_of_a_codebook_with_repetitions_are_exact(original, variables, name):
    space = original[f"quant_quantile/{name}/space"]
    codes = nearest(variables[name].ravel(), space)
    np.testing.assert_array_equal(codes, original[f"quant_quantile/{name}/quants"].ravel())


@pytest.mark.parametrize("name", LARGE)
def test_quantile_is_exact(original, variables, name):
    encoded = quantile.Recipe().encode(variables[name])
    np.testing.assert_array_equal(
        encoded.arrays["codebook"], original[f"quant_quantile/{name}/space"]
    )
    np.testing.assert_array_equal(
        encoded.arrays["codes"], original[f"quant_quantile/{name}/quants"]
    )


@pytest.mark.parametrize("name", LARGE)
def test_the_error_of_kmeans_is_no_larger_than_that_of_ten_restarts(original, variables, name):
    decoded = decode(kmeans.Recipe().encode(variables[name]))
    error = np.mean(np.square(decoded.astype(np.float64) - variables[name]))
    assert error <= original[f"quant_kmeans/{name}/mse"]


@pytest.mark.parametrize("name", LARGE)
def test_float16_is_exact(original, variables, name):
    encoded = float16.Recipe().encode(variables[name])
    np.testing.assert_array_equal(encoded.arrays["float16"], original[f"float16/{name}/float16"])


@pytest.mark.parametrize(
    ("mode", "quantiser"),
    [("quant_uniform", uniform), ("quant_quantile", quantile), ("float16", float16)],
)
def test_the_converted_graph_sees_the_same_weights(original, variables, mode, quantiser):
    decoded = dequantise_weights(quantise_weights(variables, quantiser.Recipe()))
    total = sum(np.square(values, dtype=np.float64).sum() for values in decoded.values())
    # The original added up in float32; quantising changes the sum by 2e-4.
    assert total == pytest.approx(float(original[f"{mode}/sum_of_squares_after"][0]), rel=5e-6)
