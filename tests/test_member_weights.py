"""Weights of an ensemble's members sum to 1, within what few digits can say."""

import pytest

from yt8m.member_weights import sum_problem


@pytest.mark.parametrize("weights", [[1.0], [0.3333, 0.3333, 0.3333], [0.5, 0.50009], [1, 0]])
def test_weights_that_sum_to_one_are_fine(weights):
    assert sum_problem(weights) == ""


@pytest.mark.parametrize(
    ("weights", "said"),
    [([0.5, 0.5002], "sum to 1.0002"), ([0.9], "0.9; they must"), ([], "has no members")],
)
def test_others_are_told_what_they_sum_to(weights, said):
    assert said in sum_problem(weights)


def test_what_is_no_number_is_no_weight():
    assert sum_problem([float("nan"), 1.0])
