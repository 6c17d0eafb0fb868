"""The best classes of each video, compared with sorting all of them."""

import numpy as np
import pytest

from yt8m.metrics.ranking import ROWS_AT_ONCE, top_k

KINDS = {
    "random": lambda random, shape: random.random(shape),
    "rounded": lambda random, shape: np.round(random.random(shape), 2),
    "two values": lambda random, shape: random.random(shape) < 0.01,
    "all equal": lambda random, shape: np.zeros(shape),
    "zeros of both signs": lambda random, shape: np.where(random.random(shape) < 0.5, 0.0, -0.0),
    "negative and infinite": lambda random, shape: np.where(
        random.random(shape) < 0.05, -np.inf, random.normal(size=shape)
    ),
    "ascending": lambda random, shape: np.broadcast_to(np.arange(shape[1]), shape),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("classes", [1, 20, 319, 320, 321, 1000])
@pytest.mark.parametrize("k", [0, 1, 20, 70])
def test_the_best_classes_come_first_when_all_are_sorted(kind, classes, k):
    shape = (ROWS_AT_ONCE + 5, classes)
    predictions = KINDS[kind](np.random.default_rng(0), shape).astype(np.float32)
    found, scores = top_k(predictions, k)
    expected = np.argsort(-predictions, axis=1, kind="stable")[:, :k]  # ties: lower class first
    assert (found.dtype, scores.dtype) == (np.int64, np.float32)
    np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(scores, np.take_along_axis(predictions, expected, axis=1))


def test_ranking_no_videos_gives_empty_arrays():
    found, scores = top_k(np.zeros((0, 1000), np.float32), 20)
    assert found.shape == scores.shape == (0, 20)
