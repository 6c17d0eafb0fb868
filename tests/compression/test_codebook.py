import numpy as np
import pytest

from tests.reference import quantise as reference
from yt8m.compression import nearest as nearest_module
from yt8m.compression.nearest import nearest
from yt8m.compression.quantisers.uniform import Recipe
from yt8m.compression.storage import decode
from yt8m.compression.storages import codebook


def test_nearest_of_an_example_by_hand():
    centres = np.array([0.0, 1.0, 1.0, 3.0], np.float32)
    values = np.array([-5.0, 0.25, 0.5, 0.75, 1.0, 2.0, 2.5, 9.0], np.float32)
    assert nearest(values, centres).tolist() == [0, 0, 0, 1, 1, 1, 3, 3]


@pytest.mark.parametrize("seed", range(8))
def test_nearest_equals_a_comparison_with_every_centre(seed, monkeypatch):
    monkeypatch.setattr(nearest_module, "CHUNK", 100)
    rng = np.random.default_rng(seed)
    centres = np.sort(rng.choice(rng.standard_normal(200), rng.integers(1, 257)))
    centres = centres.astype(np.float32)
    values = rng.standard_normal(500).astype(np.float32)
    between = (centres[:-1].astype(np.float64) + centres[1:]) / 2
    values = np.concatenate([values, centres, between.astype(np.float32)])
    assert nearest(values, centres).tolist() == reference.nearest(values, centres)


@pytest.mark.parametrize("grid", [2.0**-3, 2.0**-140])
def test_of_two_equally_near_centres_the_lower_is_chosen(grid):
    centres = (np.arange(0, 20, 2) * grid).astype(np.float32)
    values = (np.arange(-3, 25) * grid).astype(np.float32)
    assert nearest(values, centres).tolist() == reference.nearest(values, centres)
    assert nearest(values[4:5], centres).tolist() == [0]


def test_nearest_agrees_when_float64_itself_rounds():
    # Centres so far apart that neither midpoints nor distances are exact.
    tiny = np.float32(2.0) ** np.arange(-30, -8, dtype=np.float32)
    centres = np.sort(np.concatenate([-tiny, tiny, [0, 2.0**30, 3 * 2.0**29, 2.0**40]]))
    centres = centres.astype(np.float32)
    halves = (centres / 2).astype(np.float32)
    values = np.concatenate([centres, halves, np.nextafter(halves, np.float32(0))])
    assert nearest(values, centres).tolist() == reference.nearest(values, centres)


def test_of_centres_that_are_equally_near_in_float64_the_lowest_is_chosen():
    # Seen from 1e30, all of these are equally far: the lowest wins.
    centres = np.array([1.0, 2.0, 3.0], np.float32)
    assert nearest(np.array([1e30], np.float32), centres).tolist() == [0]


def test_uniform_levels_of_an_example_by_hand():
    levels = Recipe().centres(np.array([3.0, -1.0, 0.5], np.float32))
    assert levels.dtype == np.float32
    np.testing.assert_array_equal(levels, np.float32(-1 + 4 * np.arange(256) / 255))


def test_uniform_spans_the_whole_range_of_float32():
    largest = np.finfo(np.float32).max
    values = np.array([-largest, 0, largest], np.float32)
    encoded = Recipe().encode(values)
    assert encoded.arrays["codes"].tolist() == [0, 127, 255]
    assert np.isfinite(decode(encoded)).all()


def test_a_codebook_quantiser_must_define_its_centres():
    with pytest.raises(NotImplementedError):
        codebook.CodebookQuantiser().centres(np.zeros(1, np.float32))
