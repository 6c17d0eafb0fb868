"""What every quantiser keeps to, including the one that is added tomorrow."""

import dataclasses

import numpy as np
import pytest

from tests.reference import quantise as reference
from yt8m.compression.storage import decode, encode, storage_module
from yt8m.compression.storages.codebook import CodebookQuantiser
from yt8m.errors import ArtefactError
from yt8m.recipes import kinds, recipe_class

PACKAGE = "yt8m.compression.quantisers"
CODEBOOKS = [
    kind
    for kind in kinds(PACKAGE)
    if issubclass(recipe_class(PACKAGE, kind, "test"), CodebookQuantiser)
]
RNG = np.random.default_rng(5)
VARIABLES = {
    "matrix": RNG.standard_normal((70, 60)).astype(np.float32),
    "constant": np.full((30, 20), 0.7, np.float32),
    "few values": RNG.integers(0, 3, 500).astype(np.float32),
    "one element": np.array([-2.5], np.float32),
    "scalar": np.array(0.25, np.float32),
    "empty": np.zeros((0, 8), np.float32),
    "cube": RNG.random((9, 8, 7)).astype(np.float32),
    "transposed": RNG.random((40, 30)).astype(np.float32).T,
}


@pytest.fixture(params=kinds(PACKAGE))
def quantiser(request):
    return recipe_class(PACKAGE, request.param, "test")()


@pytest.fixture(params=list(VARIABLES))
def values(request):
    return VARIABLES[request.param]


def test_recipes_are_frozen(quantiser):
    assert dataclasses.is_dataclass(quantiser)
    with pytest.raises(dataclasses.FrozenInstanceError):
        quantiser.anything = 1


def test_decoding_gives_float32_of_the_same_shape(quantiser, values):
    decoded = decode(encode("v", values, quantiser))
    assert (decoded.dtype, decoded.shape) == (np.float32, values.shape)
    assert np.isfinite(decoded).all()


def test_decoded_values_are_near(quantiser, values):
    decoded = decode(encode("v", values, quantiser))
    spread = np.ptp(values) if values.size else 0.0
    np.testing.assert_allclose(decoded, values, rtol=1e-3, atol=0.1 * spread)


def test_a_constant_stays_constant(quantiser):
    decoded = decode(encode("v", VARIABLES["constant"], quantiser))
    assert len(np.unique(decoded)) == 1


def test_the_same_values_give_the_same_bytes(quantiser, values):
    first, second = (encode("v", np.array(values), quantiser) for _ in range(2))
    assert first.storage == second.storage
    for part, array in first.arrays.items():
        assert array.tobytes() == second.arrays[part].tobytes()


def test_the_arrays_are_the_parts_of_the_storage(quantiser, values):
    encoded = encode("v", values, quantiser)
    assert set(encoded.arrays) == set(storage_module(encoded.storage).PARTS)


def test_the_small_form_is_small(quantiser):
    values = np.random.default_rng(1).standard_normal(20_000).astype(np.float32)
    assert encode("v", values, quantiser).size_bytes <= values.nbytes / 2


def test_the_input_is_left_alone(quantiser):
    values = VARIABLES["matrix"].copy()
    encode("v", values, quantiser)
    np.testing.assert_array_equal(values, VARIABLES["matrix"])


def test_no_quantiser_takes_what_is_no_number(quantiser):
    with pytest.raises(ArtefactError, match=r"variable v: element \[0\] is nan"):
        encode("v", np.array([np.nan, 1], np.float32), quantiser)


@pytest.mark.parametrize("kind", CODEBOOKS)
@pytest.mark.parametrize("name", [name for name, values in VARIABLES.items() if values.size])
def test_centres_are_sorted_and_codes_are_the_nearest(kind, name):
    quantiser, values = recipe_class(PACKAGE, kind, "test")(), VARIABLES[name]
    centres = quantiser.centres(values.ravel())
    assert centres.dtype == np.float32
    assert 1 <= len(centres) <= 256
    assert (np.diff(centres) >= 0).all()
    # Decoded values rather than codes: a storage may keep the codes in another form.
    nearest = centres[reference.nearest(values, centres)].reshape(values.shape)
    np.testing.assert_array_equal(decode(encode("v", values, quantiser)), nearest)
