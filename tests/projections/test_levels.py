"""Values as bytes, and the error of the round trip."""

from math import floor

import numpy as np
import pytest

from yt8m.data.value_ranges import YOUTUBE_8M
from yt8m.projections.levels import Levels, RoundTrip

RANGES = [(-2.0, 2.0), (-4.0, 4.0), (0.0, 1.0), (-0.2, 35.0), (100.0, 101.0)]
ALL = np.arange(256, dtype=np.uint8)


def test_bytes_mean_what_they_mean_in_youtube_8m():
    found = Levels().from_bytes(ALL)
    np.testing.assert_allclose(found, ALL * YOUTUBE_8M.step + YOUTUBE_8M.first, atol=3e-7)
    assert found.dtype == np.float32


@pytest.mark.parametrize(("low", "high"), RANGES)
def test_bytes_mean_what_the_formula_says(low, high):
    expected = [b * (high - low) / 255 + (high - low) / 512 + low for b in range(256)]
    tolerance = 1e-6 * max(abs(low), abs(high))
    np.testing.assert_allclose(Levels(low, high).from_bytes(ALL), expected, atol=tolerance)


@pytest.mark.parametrize("rounding", ["floor", "nearest"])
@pytest.mark.parametrize(("low", "high"), RANGES)
def test_bytes_survive_the_round_trip(low, high, rounding):
    levels = Levels(low, high, rounding)
    np.testing.assert_array_equal(levels.to_bytes(levels.from_bytes(ALL)), ALL)


@pytest.mark.parametrize(("low", "high"), RANGES)
def test_values_become_the_bytes_of_a_slow_loop(low, high):
    rng = np.random.default_rng(0)
    values = rng.uniform(low - 1, high + 1, 2000).astype(np.float32)
    places = [(min(max(float(v), low), high) - low) * 255 / (high - low) for v in values]
    far = np.array([abs(p * 2 - round(p * 2)) > 1e-3 for p in places])  # from where bytes change
    floors = np.array([floor(p) for p in places])
    nearest = np.array([round(p) for p in places])
    np.testing.assert_array_equal(Levels(low, high).to_bytes(values)[far], floors[far])
    found = Levels(low, high, "nearest").to_bytes(values)
    np.testing.assert_array_equal(found[far], nearest[far])
    inside = (values > low) & (values < high)
    assert far[inside].mean() > 0.95


def test_the_ends_and_what_is_beyond_become_the_first_and_last_byte():
    values = np.array([-3e38, -2.1, -2, 2, 2.1, 3e38], np.float32)
    for rounding in ("floor", "nearest"):
        found = Levels(rounding=rounding).to_bytes(values)
        np.testing.assert_array_equal(found, [0, 0, 0, 255, 255, 255])


def trip(values, levels):
    error = RoundTrip()
    for part in np.array_split(values, 3):
        error += one_trip(part, levels)
    return error


def one_trip(values, levels):
    error = RoundTrip()
    error.add(values, levels.to_bytes(values), levels)
    return error


@pytest.mark.parametrize("levels", [Levels(), Levels(-4, 4), Levels(-1, 2, "nearest")])
def test_the_error_of_the_round_trip_is_measured(levels):
    values = np.random.default_rng(0).standard_normal((500, 30)).astype(np.float32)
    found = trip(values, levels)
    error = levels.from_bytes(levels.to_bytes(values)).astype(np.float64) - values
    outside = (values < levels.low) | (values > levels.high)
    assert found.values == values.size
    assert found.share_clipped == outside.mean()
    np.testing.assert_allclose(found.rms, np.sqrt((error**2).mean()), rtol=1e-6)
    np.testing.assert_allclose(found.rms_inside, np.sqrt((error[~outside] ** 2).mean()), rtol=1e-6)
    np.testing.assert_allclose(found.mean_error, error.mean(), rtol=1e-6, atol=1e-9)


def test_rounding_down_agrees_with_readers_and_to_the_nearest_does_not():
    values = np.random.default_rng(0).uniform(-2, 2, (4000, 250)).astype(np.float32)
    down, nearest = trip(values, Levels()), trip(values, Levels(rounding="nearest"))
    np.testing.assert_allclose([down.mean_error, down.rms], [-3e-5, 0.00453], atol=1e-5)
    np.testing.assert_allclose([nearest.mean_error, nearest.rms], [0.0078, 0.0090], atol=5e-5)


def test_nothing_has_no_error():
    nothing = RoundTrip()
    assert (nothing.rms, nothing.rms_inside, nothing.mean_error, nothing.share_clipped) == (0,) * 4
