"""The metrics on plain arrays."""

import numpy as np
import pytest

import yt8m
from tests.reference import metrics as reference
from yt8m.metrics.gap import global_average_precision

RANDOM = np.random.default_rng(5)
PREDICTIONS = RANDOM.integers(0, 9, (40, 25)).astype(np.float32) / 8  # many ties
LABELS = RANDOM.random((40, 25)) < 0.15


@pytest.mark.parametrize("top_k", [1, 3, 20, 99])
def test_they_equal_a_slow_version(top_k):
    slow = reference.metrics(PREDICTIONS, LABELS, top_k)
    assert yt8m.gap(PREDICTIONS, LABELS, top_k) == pytest.approx(slow["gap"])
    assert yt8m.mean_average_precision(PREDICTIONS, LABELS, top_k) == pytest.approx(slow["map"])
    assert yt8m.perr(PREDICTIONS, LABELS) == pytest.approx(slow["perr"])
    assert yt8m.hit_at_one(PREDICTIONS, LABELS) == pytest.approx(slow["hit_at_one"])
    found = yt8m.evaluate(PREDICTIONS, LABELS, top_k).classes
    assert found.average_precision.tolist() == pytest.approx(slow["average_precision"])


def test_gap_equals_the_formula_on_arrays():
    expected = global_average_precision(PREDICTIONS, LABELS)
    assert yt8m.gap(PREDICTIONS, LABELS) == pytest.approx(expected)


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.float32])
def test_labels_may_be_0_and_1_and_predictions_of_any_width(dtype):
    wide = PREDICTIONS.astype(np.float64).tolist()
    assert yt8m.gap(wide, LABELS.astype(dtype)) == yt8m.gap(PREDICTIONS, LABELS)


@pytest.mark.parametrize(
    ("predictions", "labels", "message"),
    [
        (PREDICTIONS, LABELS[:, :9], r"shape \[40, 25\], labels \[40, 9\]"),
        (PREDICTIONS[0], LABELS[0], r"expected floats \[videos, classes\]"),
        (LABELS, LABELS, r"predictions are bool \[40, 25\]"),
        (PREDICTIONS, LABELS * 3, r"expected True or False, or 0 and 1"),
        (PREDICTIONS, ~LABELS & False, "none of the 40 videos has a label"),
        (np.where(LABELS, np.nan, PREDICTIONS), LABELS, "is nan; all must be finite"),
        (np.zeros((0, 3)), np.zeros((0, 3)), r"predictions are float64 \[0, 3\]"),
    ],
)
def test_what_cannot_be_measured_is_refused(predictions, labels, message):
    with pytest.raises(yt8m.ArrayError, match=message):
        yt8m.evaluate(predictions, labels)
    with pytest.raises(ValueError, match=message):  # as NumPy's users expect
        yt8m.gap(predictions, labels)
