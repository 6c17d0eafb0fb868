"""Weights of an ensemble's members, which must sum to 1."""

from collections.abc import Collection

TOLERANCE = 1e-4
"""Tolerance of the sum, for weights that were written with few digits."""


def sum_problem(weights: Collection[float]) -> str:
    """What is wrong with the sum of the members' weights; "" if it is 1."""
    if abs(sum(weights) - 1) <= TOLERANCE:
        return ""
    return f"the members' weights sum to {sum(weights):.6g}, not to 1" if weights else "no members"
