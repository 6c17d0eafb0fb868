from itertools import pairwise

import numpy as np
import pytest

from tests.reference import metrics as reference
from yt8m.metrics.average_precision import average_precision, precision_sums
from yt8m.metrics.gap import global_average_precision
from yt8m.metrics.perr import hits_at_equal_recall
from yt8m.metrics.ranking import descending_bits, top_k


def floats(*values):
    return np.array(values, np.float32)


def bools(*values):
    return np.array(values, bool)


def test_average_precision_of_an_example_by_hand():
    # Ranked: hit, miss, hit, miss, hit; precisions 1/1, 2/3, 3/5; a fourth was never retrieved.
    ap = average_precision(floats(0.1, 0.9, 0.5, 0.3, 0.7), bools(1, 1, 1, 0, 0), positives=4)
    assert ap == pytest.approx((1 + 2 / 3 + 3 / 5) / 4, abs=1e-15)


def test_average_precision_ranks_misses_first_among_equal_scores():
    for hits in (bools(1, 0), bools(0, 1)):
        assert average_precision(floats(0.5, 0.5), hits, positives=1) == 0.5


def test_average_precision_of_nothing_is_zero():
    assert average_precision(floats(), bools(), positives=3) == 0.0
    assert average_precision(floats(0.5), bools(0), positives=0) == 0.0


def test_gap_of_an_example_by_hand():
    predictions = floats([0.9, 0.2, 0.6], [0.1, 0.8, 0.7])
    labels = bools([1, 0, 1], [0, 0, 1])
    # Best two of each, pooled: 0.9 hit, 0.8 miss, 0.7 hit, 0.6 hit.
    by_hand = (1 + 2 / 3 + 3 / 4) / 3
    assert global_average_precision(predictions, labels, top_k=2) == pytest.approx(by_hand)
    assert global_average_precision(predictions, labels, top_k=1) == pytest.approx(1 / 3)


def test_gap_without_positives_is_zero():
    assert global_average_precision(floats([0.3, 0.4]), bools([0, 0])) == 0.0


def test_hits_at_equal_recall_of_an_example_by_hand():
    probabilities = floats([0.9, 0.8, 0.1], [-0.1, -0.2, -0.3], [0.3, 0.2, 0.1])
    hits = bools([1, 0, 1], [1, 0, 0], [0, 0, 0])
    # Of the first's two best, one; a value below 0 does not count; nor do videos without labels.
    counts = np.array([2, 1, 0])
    assert hits_at_equal_recall(probabilities, hits, counts).tolist() == [1, 0, 0]


def test_precision_sums_do_not_depend_on_the_blocks():
    rng = np.random.default_rng(3)
    hits = rng.random(101) < 0.4
    starts = np.array([0, 0, 7, 7, 60, 101, 101])
    whole = precision_sums([hits], starts)
    for size in (1, 2, 7, 50):
        blocks = [hits[i : i + size] for i in range(0, 101, size)]
        np.testing.assert_allclose(precision_sums(blocks, starts), whole, atol=1e-12)
    for group, (a, b) in enumerate(pairwise(starts)):
        entries = [(-i, bool(h)) for i, h in enumerate(hits[a:b])]
        assert whole[group] == pytest.approx(reference.average_precision(entries, 1))


def test_descending_bits_sort_like_the_scores():
    scores = floats(0.5, -0.5, 0.0, -0.0, 1e-45, -1e-45, 3e38, -3e38, 1.0)
    bits = descending_bits(scores)
    np.testing.assert_array_equal(scores[np.argsort(bits)], np.sort(scores)[::-1])
    assert bits[2] == bits[3]


@pytest.mark.parametrize("k", [1, 5, 30, 99])
def test_top_k_equals_a_plain_sort(k):
    rng = np.random.default_rng(k)
    predictions = rng.integers(-4, 4, (300, 30)).astype(np.float32) / 4  # many ties
    classes, scores = top_k(predictions, k)
    assert classes.tolist() == [reference.best(row, k) for row in predictions.tolist()]
    np.testing.assert_array_equal(scores, np.take_along_axis(predictions, classes, 1))


def test_top_k_of_no_videos_is_empty():
    classes, scores = top_k(np.zeros((0, 4), np.float32), 2)
    assert classes.shape == scores.shape == (0, 2)
