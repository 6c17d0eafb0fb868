"""Finding the best point of a simplex."""

import numpy as np
import pytest

from tests.weight_learning.invented import grid
from yt8m.weight_learning.simplex import climb, least, relative_entropy, rounded, shifted


def quadratic(target):
    """Squared distance from a point, and its slope."""
    return lambda w: (float(np.sum((w - target) ** 2)) + 1.0, 2 * (w - target))


def test_a_minimum_inside_the_simplex_is_found():
    target = np.array([0.7, 0.2, 0.1])
    found = least(quadratic(target), np.full(3, 1 / 3), pull=0.0, tolerance=1e-9)
    np.testing.assert_allclose(found, target, atol=1e-4)


def test_a_minimum_outside_of_the_simplex_leaves_members_without_weight():
    found = least(quadratic(np.array([1.5, -0.3, 0.1])), np.full(3, 1 / 3), 0.0, 1e-7)
    np.testing.assert_allclose(found, [1, 0, 0], atol=1e-3)


def test_a_gradient_of_zero_keeps_the_given_weights():
    prior = np.array([0.7, 0.3])
    assert least(lambda w: (1.0, np.zeros(2)), prior, 0.1).tolist() == pytest.approx([0.7, 0.3])


@pytest.mark.parametrize("pull", [0.1, 1.0, 100.0])
def test_a_pull_balances_gradient_and_relative_entropy(pull):
    """Of slope s and relative entropy: weights in proportion to prior * exp(-s / pull)."""
    prior, slope = np.array([0.5, 0.3, 0.2]), np.array([1.0, 0.5, 0.8])
    found = least(lambda w: (slope @ w, slope), prior, pull, 1e-9)
    expected = prior * np.exp(-slope / pull)
    np.testing.assert_allclose(found, expected / expected.sum(), atol=1e-4)


def test_relative_entropy_of_two_equal_members_down_to_one_is_log_two():
    even = np.array([0.5, 0.5])
    assert relative_entropy(np.array([1.0, 0.0]), even) == pytest.approx(np.log(2))
    assert relative_entropy(even, even) == 0


def test_hill_climbing_finds_the_highest_point_of_a_grid():
    def height(w):
        return -float(np.abs(w - np.array([0.55, 0.35, 0.1])).sum())

    best = max(grid(3, 20), key=height)
    found = climb(height, np.array([0.1, 0.1, 0.8]))
    assert height(found) >= height(best) - 0.021
    for member in range(3):
        for shift in (0.01, -0.01):
            assert height(shifted(found, member, shift)) <= height(found) + 1e-6


@pytest.mark.parametrize("weights", [[0.2, 0.3, 0.5], [1, 0, 0]])
@pytest.mark.parametrize("shift", [0.1, -0.1, 2.0, -2.0])
def test_a_shift_stays_on_the_simplex(weights, shift):
    moved = shifted(np.array(weights, float), 0, shift)
    assert moved.sum() == pytest.approx(1) and (moved >= 0).all()
    assert moved[0] == pytest.approx(min(max(weights[0] + shift, 0), 1))
    others = np.array(weights[1:]) if weights[0] < 1 else np.ones(2)
    np.testing.assert_allclose(moved[1:], (1 - moved[0]) * others / others.sum())


def test_a_single_member_keeps_all_of_the_weight():
    assert shifted(np.array([1.0]), 0, -0.1).tolist() == [1.0]
    assert climb(lambda w: 1.0, np.array([1.0])).tolist() == [1.0]


def test_rounding_keeps_the_sum():
    assert rounded(np.array([1, 1, 1]) / 3).tolist() == [0.334, 0.333, 0.333]
    assert rounded(np.array([0.99996, 0.00004])).tolist() == [1.0, 0.0]
    for seed in range(20):
        weights = np.random.default_rng(seed).dirichlet(np.ones(7))
        found = rounded(weights)
        assert found.sum() == pytest.approx(1, abs=1e-12)
        assert np.abs(found - weights).max() < 1e-3
