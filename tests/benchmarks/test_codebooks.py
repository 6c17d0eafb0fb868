"""All implementations find codebooks; the error of ours is no larger, but for the exact one."""

import numpy as np
import pytest

from benchmarks.codebooks import ours, races, weights
from benchmarks.peers.codebooks import exact, lloyd_of_sorted
from yt8m.compression.nearest import squared_error

pytest.importorskip("sklearn", reason="scikit-learn is missing: pip install -e '.[bench]'")


def test_ours_is_no_worse():
    from benchmarks.baselines.codebooks import centres

    values = weights(3000)
    found, theirs = ours(values, 16), centres(values, 16)
    values.sort()
    assert len(found) == len(theirs) == 16
    assert squared_error(values, found) <= squared_error(values, theirs) * (1 + 1e-6)


def test_lloyd_of_sorted_values_converges_near_ours():
    values = weights(3000)
    found, theirs = ours(values, 16), lloyd_of_sorted(values, 16)
    values.sort()
    smallest = squared_error(values, found)
    assert smallest <= squared_error(values, theirs.astype(np.float32)) * (1 + 1e-6)
    assert squared_error(values, theirs.astype(np.float32)) <= 1.2 * smallest
    nearest = np.abs(values[:, None] - theirs).argmin(axis=1)
    means = [values[nearest == cluster].mean() for cluster in range(16)]
    np.testing.assert_allclose(theirs, means, atol=1e-6)


def test_ours_is_close_to_the_exact_peer():
    pytest.importorskip("kmeans1d", reason="kmeans1d is missing: pip install -e '.[bench]'")
    values = weights(3000)
    found, best = ours(values, 16), exact(values, 16)
    values.sort()
    least = squared_error(values, best.astype(np.float32))
    assert least * (1 - 1e-6) <= squared_error(values, found) <= least * 1.001


def test_a_race_counts_the_values_of_each_way(tmp_path):
    counts = [(race.ours(), race.plain()) for race in races(tmp_path, 0.01)]
    assert counts == [(1000, 1000), (4000, 4000), (40_000, 1000)]
