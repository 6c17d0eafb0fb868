"""The levels of uniform and quantile, and the halves of bfloat16."""

import numpy as np
import pytest

from tests.reference import quantise as reference
from yt8m.compression.encode import encode
from yt8m.compression.quantisers import bfloat16, quantile, uniform
from yt8m.compression.storage import decode
from yt8m.errors import ArtefactError


@pytest.mark.parametrize("bits", range(2, 9))
def test_uniform_has_two_to_the_bits_levels(bits):
    levels = uniform.Recipe(bits).centres(np.float32([0, 3]))
    np.testing.assert_allclose(levels, 3 * np.arange(2**bits) / (2**bits - 1), rtol=1e-6)


@pytest.mark.parametrize("bits", range(2, 9))
@pytest.mark.parametrize("count", [300, 1001, 4096])
def test_quantiles_are_those_of_numpy(bits, count):
    values = np.random.default_rng(count).standard_t(2, count).astype(np.float32)
    expected = np.quantile(values.astype(np.float64), np.linspace(0, 1, 2**bits))
    np.testing.assert_array_equal(quantile.Recipe(bits).centres(values), np.float32(expected))


def test_quantile_keeps_few_distinct_values_exactly():
    values = np.float32([7] * 1000 + [1, 2, 2])
    assert quantile.Recipe(2).centres(values).tolist() == [1, 2, 7]


def test_bfloat16_rounds_to_the_nearest_and_to_even():
    rng = np.random.default_rng(0)
    bits = rng.integers(0, 2**32, 5000, dtype=np.uint32)
    bits = np.concatenate([bits, bits & 0xFFFF0000 | 0x8000, [0, 1, 0x8000, 0x80000000, 0x18000]])
    values = bits.astype(np.uint32).view(np.float32)
    values = values[np.abs(values) < 3.38e38]
    found = bfloat16.Recipe().encode(values).arrays["bfloat16"]
    assert found.tolist() == reference.bfloat16(values)


def test_a_value_that_bfloat16_would_make_infinite_is_named():
    largest = np.finfo(np.float32).max
    with pytest.raises(ArtefactError, match=r"variable w: element \[1\] is -3\.40.*, beyond"):
        encode("w", np.array([1, -largest], np.float32), bfloat16.Recipe())
    assert np.isfinite(decode(encode("w", np.float32([3.389e38]), bfloat16.Recipe()))).all()
