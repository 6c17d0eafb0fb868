"""The expected GAP of predictions."""

import numpy as np
import pytest

from yt8m.budget.expected_gap import expected_gap
from yt8m.metrics.gap import global_average_precision


def test_two_entries_by_hand():
    """0.8 comes first: a hit with precision 1. Then 0.5: one of two, or two of two."""
    p = np.float32([[0.8, 0.5]])
    assert expected_gap(p, p) == pytest.approx((0.8 + 0.5 * (1 + 0.8) / 2) / 1.3)
    assert expected_gap(p, 1 - p) == pytest.approx((0.5 + 0.8 * (1 + 0.5) / 2) / 1.3)


def test_expected_gap_is_the_mean_over_labels_drawn_from_the_probabilities():
    rng = np.random.default_rng(0)
    p = rng.uniform(0.1, 0.9, (40, 30)).astype(np.float32)
    predictions = (p + rng.normal(scale=0.2, size=p.shape)).astype(np.float32)
    draws = [rng.random(p.shape) < p for _ in range(400)]
    found = np.mean([global_average_precision(predictions, d, 5) * d.sum() for d in draws])
    assert expected_gap(p, predictions, 5) == pytest.approx(found / p.sum(), rel=0.02)


def test_nothing_ranks_better_than_the_probabilities_themselves():
    rng = np.random.default_rng(1)
    p = rng.beta(0.1, 2.0, (50, 40)).astype(np.float32)
    lost = [
        expected_gap(p, p) - expected_gap(p, p + rng.normal(scale=s, size=p.shape), 20)
        for s in (0.001, 0.01, 0.1, 1.0)
    ]
    assert lost == sorted(lost) and lost[0] > -1e-5


def test_scores_below_the_top_k_do_not_count():
    p = np.linspace(0.9, 0.1, 30, dtype=np.float32)[None]
    moved = p.copy()
    moved[0, 20:] *= 0.5
    assert expected_gap(p, moved, 20) == expected_gap(p, p, 20)


def test_expected_gap_is_zero_if_all_probabilities_are_zero():
    none = np.zeros((2, 5), np.float32)
    assert expected_gap(none, none) == 0
