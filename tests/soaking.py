"""Variations of tests that take long and rarely find what the others do not: for `make soak`."""

import os

import pytest

SOAK = "YT8M_SOAK" in os.environ
"""Whether all variations run."""


def soak(*values, **options):
    """Parameters of a test that only `make soak` runs."""
    return pytest.param(*values, marks=pytest.mark.soak, **options)


def mostly(values, kept):
    """All of these single parameters, of which only `make soak` runs those that are not kept."""
    return [value if value in kept else soak(value) for value in values]
