"""Moments of a stream of frames, and their principal axes."""

import numpy as np
import pytest

from tests.projections.samples import batches_of, frames_of
from yt8m.errors import ConfigError, RecordError
from yt8m.projections.fitting import BLOCK, MOST_WIDTH, moments_of, principal_axes

FRAMES = frames_of(2 * BLOCK + 77, 12)


@pytest.mark.parametrize("size", [1, 60, BLOCK, 5000])
def test_the_moments_are_those_of_all_frames_at_once(size):
    found = moments_of(batches_of(FRAMES, size), 12, True, "")
    exact = FRAMES.astype(np.float64)
    assert found.count == len(FRAMES)
    np.testing.assert_allclose(found.mean, exact.mean(axis=0), rtol=1e-13)
    np.testing.assert_allclose(found.covariance(), np.cov(exact.T), rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(found.variances(), exact.var(axis=0, ddof=1), rtol=1e-12)
    alone = moments_of(batches_of(FRAMES, size), 12, False, "")
    np.testing.assert_allclose(alone.variances(), exact.var(axis=0, ddof=1), rtol=1e-12)


def test_batches_of_any_size_give_exactly_the_same():
    one, other = (moments_of(batches_of(FRAMES, size), 12, True, "") for size in (7, 1000))
    np.testing.assert_array_equal(one.mean, other.mean)
    np.testing.assert_array_equal(one.covariance(), other.covariance())


def test_a_large_mean_costs_no_precision():
    """The sum of squares minus the square of the sum would leave nothing here."""
    rng = np.random.default_rng(0)
    bits = rng.integers(0, 2, (5000, 2))
    found = moments_of(batches_of((2**20 + bits).astype(np.float32), 100), 2, True, "")
    np.testing.assert_allclose(found.covariance(), np.cov(bits.T), rtol=1e-9)


def test_frames_that_cannot_be_fitted_on_are_refused():
    with pytest.raises(RecordError, match=r"rgb: has frames \[9, 12\]; expected \[n, 11\]"):
        moments_of(batches_of(FRAMES, 9), 11, True, "rgb")
    with pytest.raises(RecordError, match="rgb: has 1 frames to fit on; needs 2 or more"):
        moments_of([FRAMES[:1]], 12, True, "rgb")
    with pytest.raises(RecordError, match="rgb: has 0 frames"):
        moments_of([], 12, False, "rgb")
    width = MOST_WIDTH + 1
    with pytest.raises(ConfigError, match="16,385 values, whose covariance takes 2 GiB; at most"):
        moments_of([], width, True, "rgb")


def test_the_axes_are_those_of_the_singular_values():
    centred = FRAMES.astype(np.float64) - FRAMES.mean(axis=0, dtype=np.float64)
    _, singular, rows = np.linalg.svd(centred, full_matrices=False)
    values, vectors = principal_axes(np.cov(FRAMES.T.astype(np.float64)))
    np.testing.assert_allclose(values, singular**2 / (len(FRAMES) - 1), rtol=1e-9)
    np.testing.assert_allclose(np.abs(np.sum(vectors * rows.T, axis=0)), 1, rtol=1e-9)
    np.testing.assert_allclose(vectors.T @ vectors, np.eye(12), atol=1e-12)


def test_the_largest_entry_of_each_axis_is_positive():
    covariance = np.cov(FRAMES.T.astype(np.float64))
    _, vectors = principal_axes(covariance)
    for column in vectors.T:
        assert max(column, key=abs) > 0
    mirrored = np.diag([-1.0] * 12)  # the same axes, seen from the other side
    _, again = principal_axes(mirrored @ covariance @ mirrored)
    np.testing.assert_allclose(again, vectors, atol=1e-9)


def test_an_axis_worked_by_hand():
    values, vectors = principal_axes(np.array([[2.0, -1.0], [-1.0, 2.0]]))
    np.testing.assert_allclose(values, [3, 1])
    np.testing.assert_allclose(np.abs(vectors), np.full((2, 2), 0.5**0.5))
    np.testing.assert_allclose(vectors[0, 0] * vectors[1, 0], -0.5)
