import math

import numpy as np
import pytest

from yt8m.metrics.intervals import adjusted, interval


def test_an_interval_is_that_of_the_middle_resamples():
    found = interval(0.5, np.arange(-100, 101) / 1000, 0.9)
    assert (found.low, found.high) == (pytest.approx(0.41), pytest.approx(0.59))
    assert found.excludes_zero
    assert not interval(0.05, np.arange(-100, 101) / 1000, 0.9).excludes_zero


def test_p_is_that_of_a_normal_distribution():
    resampled = np.random.default_rng(0).normal(size=100_000)
    assert interval(1.96, resampled, 0.95).p == pytest.approx(0.05, rel=0.03)
    assert interval(-1.96, resampled, 0.95).p == pytest.approx(0.05, rel=0.03)
    assert interval(0.0, resampled, 0.95).p == 1.0


def test_without_any_spread_only_no_difference_is_explained_by_chance():
    assert interval(0.0, np.zeros(9), 0.95).p == 1.0
    assert interval(0.1, np.zeros(9), 0.95).p == 0.0


def test_resamples_without_a_value_do_not_count():
    values = np.array([-0.1, np.nan, 0.1, np.nan])
    assert interval(0.5, values, 0.95) == interval(0.5, values[::2], 0.95)
    assert interval(0.5, values[1:3], 0.95) is None
    assert math.isfinite(interval(0.5, values, 0.95).p)


def test_adjusted_p_values_are_those_of_an_example_worked_by_hand():
    assert adjusted([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert adjusted([0.9, 0.8]) == [1.0, 1.0]
    assert adjusted([]) == []
