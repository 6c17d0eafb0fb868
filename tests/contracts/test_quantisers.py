"""Contracts of all quantisers."""

import dataclasses

import numpy as np
import pytest

from tests.quantisers import GROUPINGS, PACKAGE, recipe, variants, with_bits
from tests.reference import quantise as reference
from yt8m.compression.encode import encode
from yt8m.compression.storage import decode, storage_module
from yt8m.errors import ArtefactError, ConfigError
from yt8m.recipes import kinds, read_recipe
from yt8m.weights import load_weights, save_weights

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


ROUNDING = 1e-7
"""Of float32 itself, for values about 1."""


@pytest.fixture(params=kinds(PACKAGE))
def quantiser(request):
    return recipe(request.param)


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


def test_decoded_values_are_as_close_as_the_bits_allow(quantiser, values):
    """On average within half a step of equidistant levels; others are denser where values are.

    Without a codebook, each value within half of bfloat16's last place.
    """
    decoded = decode(encode("v", values, quantiser)).astype(np.float64)
    errors = np.abs(decoded - values)
    if hasattr(quantiser, "bits"):
        half_step = np.ptp(values) / 2 / (2**quantiser.bits - 1) if values.size else 0.0
        assert errors.sum() <= (half_step + ROUNDING) * values.size
    else:
        np.testing.assert_array_less(errors, 2.0**-8 * np.abs(values) + ROUNDING)


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


def test_the_encoded_form_is_small(quantiser):
    values = np.random.default_rng(1).standard_normal(20_000).astype(np.float32)
    assert encode("v", values, quantiser).size_bytes <= values.nbytes / 2


def test_encoding_does_not_modify_its_input(quantiser):
    values = VARIABLES["matrix"].copy()
    encode("v", values, quantiser)
    np.testing.assert_array_equal(values, VARIABLES["matrix"])


def test_no_quantiser_accepts_values_that_are_not_finite(quantiser):
    with pytest.raises(ArtefactError, match=r"variable v: element \[0\] is nan"):
        encode("v", np.array([np.nan, 1], np.float32), quantiser)


@pytest.mark.parametrize("kind", with_bits())
@pytest.mark.parametrize("name", [name for name, values in VARIABLES.items() if values.size])
def test_centres_are_sorted_and_codes_are_the_nearest(kind, name):
    quantiser, values = recipe(kind), VARIABLES[name]
    centres = quantiser.centres(values.ravel())
    assert centres.dtype == np.float32
    assert 1 <= len(centres) <= 256
    assert (np.diff(centres) >= 0).all()
    # Decoded values rather than codes: a storage may keep the codes in another form.
    nearest = centres[reference.nearest(values, centres)].reshape(values.shape)
    np.testing.assert_array_equal(decode(encode("v", values, quantiser)), nearest)


SMALL = {
    "matrix": RNG.standard_normal((19, 13)).astype(np.float32),
    "vector": RNG.standard_normal(75).astype(np.float32),
    "cube": RNG.random((3, 4, 5)).astype(np.float32),
    **{name: VARIABLES[name] for name in ("constant", "one element", "scalar", "empty")},
    "tiny": (RNG.standard_normal((12, 9)) * 1e-41).astype(np.float32),
    "few bits": np.float32([[3, 1, 2]]),
}
HUGE = (RNG.standard_normal((12, 9)) * 1e37).astype(np.float32)
VARIANTS = variants()


@pytest.fixture(params=list(VARIANTS))
def variant(request):
    return VARIANTS[request.param]


def test_every_variant_decodes_to_finite_values_and_takes_the_estimated_bytes(variant):
    for name, values in SMALL.items():
        encoded = encode(name, values, variant)
        decoded = decode(encoded)
        assert (decoded.dtype, decoded.shape) == (np.float32, values.shape), name
        assert np.isfinite(decoded).all(), name
        assert encoded.size_bytes == variant.encoded_bytes(values.shape), name
        assert encoded.about.startswith(encoded.storage)


def test_every_variant_encodes_decoded_values_without_loss(variant):
    for name, values in SMALL.items():
        once = decode(encode(name, values, variant))
        np.testing.assert_array_equal(decode(encode(name, once, variant)), once, err_msg=name)


def test_variables_of_every_variant_survive_the_round_trip_to_a_file(variant, tmp_path):
    weights = {name: encode(name, values, variant) for name, values in SMALL.items()}
    save_weights(tmp_path / "weights", weights, {"kind": "test"})
    for name, loaded in load_weights(tmp_path / "weights")[0].items():
        assert loaded.shape == weights[name].shape
        np.testing.assert_array_equal(decode(loaded), decode(weights[name]), err_msg=name)


def test_every_variant_refuses_values_that_are_not_finite(variant):
    values = SMALL["matrix"].copy()
    values[3, 4] = np.inf
    with pytest.raises(ArtefactError, match=r"variable dense/kernel: element \[3, 4\] is inf"):
        encode("dense/kernel", values, variant)


def test_every_variant_keeps_huge_values_finite_or_refuses_them(variant):
    try:
        decoded = decode(encode("huge", HUGE, variant))
    except ArtefactError as error:
        assert "beyond float16" in str(error)
    else:
        error = np.abs(decoded.astype(np.float64) - HUGE).max()
        assert error < np.ptp(HUGE.astype(np.float64)) / 2


@pytest.mark.parametrize(("codebooks", "group"), GROUPINGS)
@pytest.mark.parametrize("kind", with_bits())
def test_more_bits_never_increase_the_error(kind, codebooks, group):
    values = np.random.default_rng(2).standard_normal((24, 20)).astype(np.float32)
    errors = [
        np.square(decode(encode("v", values, q)).astype(np.float64) - values).sum()
        for q in (recipe(kind, bits=b, codebooks=codebooks, group=group) for b in range(2, 9))
    ]
    assert errors == sorted(errors, reverse=True)


@pytest.mark.parametrize("kind", with_bits())
@pytest.mark.parametrize("bits", [2, 5])
def test_a_group_is_encoded_as_if_it_were_alone(kind, bits):
    values = SMALL["matrix"]  # [19, 13]
    by_columns = decode(encode("v", values, recipe(kind, bits=bits, codebooks="columns", group=7)))
    by_rows = decode(encode("v", values, recipe(kind, bits=bits, codebooks="rows")))
    alone = recipe(kind, bits=bits)
    for part in (np.s_[:, :7], np.s_[:, 7:]):  # 13 columns in two groups: 7 and 6
        np.testing.assert_array_equal(by_columns[part], decode(encode("v", values[part], alone)))
    for row in range(19):
        np.testing.assert_array_equal(by_rows[row], decode(encode("v", values[row], alone)))


@pytest.mark.parametrize("kind", with_bits())
@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"bits": 1}, "q.bits: is 1; 2 or more"),
        ({"bits": 9}, "q.bits: is 9; at most 8"),
        ({"codebooks": "columns", "group": 0}, "q.group: is 0; 1 or more"),
        ({"group": 2}, "q.group: is 2; needs `codebooks: rows` or `codebooks: columns`"),
        (
            {"codebooks": "row"},
            "q.codebooks: is 'row'; expected one of 'variable', 'rows' or 'columns'",
        ),
    ],
)
def test_settings_that_cannot_work_are_refused(kind, settings, problem):
    with pytest.raises(ConfigError) as error:
        read_recipe(PACKAGE, {"kind": kind, **settings}, "q")
    assert str(error.value) == problem


def test_the_description_of_a_storage_names_bits_and_codebooks():
    values = SMALL["matrix"]
    about = [
        encode("v", values, recipe("uniform", **settings)).about
        for settings in (
            {},
            {"bits": 4, "codebooks": "columns"},
            {"bits": 3, "codebooks": "rows", "group": 2},
        )
    ]
    assert about == [
        "codebook, 8 bits",
        "codebook, 4 bits, 13 by columns",
        "codebook, 3 bits, 10 by rows",
    ]
