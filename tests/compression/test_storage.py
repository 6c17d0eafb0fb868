import numpy as np
import pytest

from yt8m.compression.encode import encode
from yt8m.compression.quantisers import float16, uniform
from yt8m.compression.storage import Encoded, decode
from yt8m.errors import ArtefactError


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_an_element_that_is_not_finite_is_named(value):
    values = np.zeros((3, 4), np.float32)
    values[1, 2] = value
    with pytest.raises(
        ArtefactError, match=rf"variable hidden/kernel: element \[1, 2\] is {value}"
    ):
        encode("hidden/kernel", values, uniform.Recipe())


def test_only_float32_is_encoded():
    with pytest.raises(ArtefactError, match="variable steps: is int64; only float32"):
        encode("steps", np.arange(3), uniform.Recipe())


def test_a_value_too_large_for_float16_is_named():
    values = np.array([1.0, 70000.0], np.float32)
    with pytest.raises(ArtefactError, match=r"variable w: element \[1\] is 70000.0, beyond"):
        encode("w", values, float16.Recipe())


def test_a_storage_of_another_version_is_refused():
    with pytest.raises(ArtefactError, match="weights are stored as 'fractal', which this version"):
        decode(Encoded("fractal", (1,), {}))


def test_the_size_of_an_encoded_variable_is_that_of_its_arrays():
    encoded = encode("w", np.ones((5, 4), np.float32), uniform.Recipe())
    assert encoded.size_bytes == 20 + 256 * 4
