"""What settings are worth, from rows whose GAP is known."""

import itertools
from types import SimpleNamespace

import numpy as np
import pytest

from yt8m.comparison.effects import effects


def found_in(settings, gaps):
    first = SimpleNamespace(stage="quantised")
    rows = [SimpleNamespace(gap=gap, first=first) for gap in gaps]
    return {each.setting: each for each in effects(rows, settings)}


def test_means_of_a_grid_are_over_the_other_settings():
    clusters, rates = zip(*itertools.product([8, 16], [0.1, 0.2, 0.3]), strict=True)
    gaps = [0.1 * c + r for c, r in zip(clusters, rates, strict=True)]
    found = found_in({"clusters": clusters, "rate": rates}, gaps)
    best, other = found["clusters"].values
    assert (best.value, other.value, found["clusters"].combinations) == (16, 8, 3)
    assert best.mean == pytest.approx(1.8) and best.spread == pytest.approx(0.1)
    assert other.from_best == pytest.approx(-0.8)
    assert [each.value for each in found["rate"].values] == [0.3, 0.2, 0.1]


def test_a_combination_that_lacks_a_value_does_not_shift_the_means():
    """Another model with the best of one setting, alone in the other."""
    settings = {"clusters": [8, 16, 8, 16, 16], "rate": [1, 1, 2, 2, 3]}
    found = found_in(settings, [0.1, 0.2, 0.3, 0.4, 9.0])["clusters"]
    assert found.combinations == 2
    assert [each.mean for each in found.values] == pytest.approx([0.3, 0.2])


def test_random_draws_have_no_means_but_rank_correlations():
    rng = np.random.default_rng(0)
    rates, widths = rng.random((2, 60)).tolist()
    gaps = [r**3 for r in rates]
    widths[:2], rates[:2] = [0.5, 0.5], [0.1, 0.9]  # alike by chance
    gaps[:2] = [0.001, 0.729]
    found = found_in({"rate": rates, "width": widths}, gaps)
    assert not found["rate"].values and found["rate"].rows == 60
    assert found["rate"].rank_correlation == pytest.approx(1.0)
    assert abs(found["width"].rank_correlation) < 0.3


def test_settings_of_text_and_those_that_change_together_have_no_effect_of_their_own():
    settings = {"kind": ["a", "b", "a", "b"], "size": [1, 2, 1, 2], "seed": [1, 1, 2, 2]}
    found = found_in(settings, [0.1, 0.2, 0.3, 0.4])
    assert not found["kind"].values and found["kind"].rank_correlation is None
    assert not found["size"].values and found["seed"].values


@pytest.mark.parametrize("values", [[True, False], ["a", "b"], [[1, 2], [3]], [{}, {"x": 1}]])
def test_values_of_any_kind_have_means(values):
    assert {str(e.value) for e in found_in({"s": values}, [0.1, 0.2])["s"].values} == set(
        map(str, values)
    )
