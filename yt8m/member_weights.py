"""Weights of an ensemble's members, which must sum to 1."""

from collections.abc import Collection

TOLERANCE = 1e-4
"""Tolerance of the sum, for weights that were written with few digits."""


def sum_problem(weights: Collection[float]) -> str:
    """What is wrong with the sum of the members' weights; "" if it is 1."""
    if abs(sum(weights) - 1) <= TOLERANCE:
        return ""
    if not weights:
        return "has no members; name at least one"
    return f"the weights sum to {sum(weights):.6g}; they must sum to 1"
