"""Both implementations find codebooks; the error of ours is no larger."""

import pytest

from benchmarks.codebooks import ours, races, weights
from yt8m.compression.nearest import squared_error

pytest.importorskip("sklearn", reason="scikit-learn is missing: pip install -e '.[bench]'")


def test_ours_is_no_worse():
    from benchmarks.baselines.codebooks import centres

    values = weights(3000)
    found, theirs = ours(values, 16), centres(values, 16)
    values.sort()
    assert len(found) == len(theirs) == 16
    assert squared_error(values, found) <= squared_error(values, theirs) * (1 + 1e-6)


def test_a_race_counts_the_values_of_each_way(tmp_path):
    counts = [(race.ours(), race.baseline()) for race in races(tmp_path, 0.01)]
    assert counts == [(1000, 1000), (4000, 4000), (40_000, 1000)]
