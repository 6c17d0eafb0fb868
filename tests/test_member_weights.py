"""Weights of an ensemble's members sum to 1, up to rounding to a few digits."""

import pytest

from yt8m.member_weights import sum_problem


@pytest.mark.parametrize("weights", [[1.0], [0.3333, 0.3333, 0.3333], [0.5, 0.50009], [1, 0]])
def test_weights_that_sum_to_one_are_accepted(weights):
    assert sum_problem(weights) == ""


@pytest.mark.parametrize(
    ("weights", "said"),
    [([0.5, 0.5002], "sum to 1.0002"), ([0.9], "0.9; they must"), ([], "has no members")],
)
def test_other_weights_are_refused_with_their_sum(weights, said):
    assert said in sum_problem(weights)


def test_a_weight_that_is_nan_is_refused():
    assert sum_problem([float("nan"), 1.0])
