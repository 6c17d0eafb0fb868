"""How far predictions move."""

import numpy as np
import pytest

from yt8m.budget.divergence import divergence


def test_two_coins_by_hand():
    """0.5 against 0.25: ln 2 / 2 + ln(2/3) / 2; the second class does not move."""
    before, after = np.array([[0.5, 0.2]]), np.array([[0.25, 0.2]])
    assert divergence(before, after) == pytest.approx((np.log(2) + np.log(2 / 3)) / 2)


def test_it_is_the_rise_of_the_cross_entropy_when_labels_fall_as_predicted():
    rng = np.random.default_rng(0)
    p, q = rng.uniform(0.05, 0.95, (2, 1, 3))
    labels = rng.random((200_000, 3)) < p

    def cross_entropy(predictions):
        return -np.log(np.where(labels, predictions, 1 - predictions)).sum(axis=1).mean()

    assert divergence(p, q) == pytest.approx(cross_entropy(q) - cross_entropy(p), abs=0.02)


def test_it_is_zero_for_the_same_predictions_and_finite_for_certain_ones():
    certain = np.array([[0.0, 1.0]], np.float32)
    assert divergence(certain, certain) == 0
    assert np.isfinite(divergence(certain, 1 - certain))
