import numpy as np
import pytest

from tests.metrics.coverage import coverage
from tests.metrics.simulated import measured, predicted
from tests.reference import bootstrap as reference
from yt8m.metrics.bootstrap import draw, resampled_gap, resampled_metrics


@pytest.mark.parametrize("levels", [None, 5])
@pytest.mark.parametrize("top_k", [3, 20])
def test_metrics_of_resamples_equal_those_of_plain_loops(top_k, levels):
    """levels: number of different probabilities, to have ties."""
    (predictions, _), labels = predicted(60, 12, seed=1)
    if levels:
        predictions = np.round(predictions * levels) / np.float32(levels)
    draws = draw(60, 25, seed=2)
    expected = reference.resampled(predictions, labels, draws, top_k)
    found = resampled_metrics(measured(predictions, labels, top_k)[1], draws)
    assert np.abs(found["gap"] - expected["gap"]).max() < 1e-3 * expected["gap"].std()
    for word in ("perr", "hit_at_one"):
        np.testing.assert_allclose(found[word], expected[word], atol=1e-12)


def test_bins_cost_a_hundredth_of_the_spread():
    """Compared with a bin for each of several thousand hits."""
    (predictions, _), labels = predicted(1000, 20, seed=3)
    scores, draws = measured(predictions, labels)[1], draw(1000, 30, seed=4)
    exact = resampled_gap(scores, draws, most_bins=10**6)
    binned = resampled_gap(scores, draws, most_bins=512)
    assert scores.hits.sum() > 4 * 512
    assert np.abs(binned - exact).max() < 0.02 * exact.std()


def test_groups_of_videos_give_the_spread_of_single_videos():
    (predictions, _), labels = predicted(4000, 12, seed=5)
    scores = measured(predictions, labels)[1]
    spread = [
        resampled_gap(scores, draw(4000, 300, 6, most_groups), most_bins=100).std()
        for most_groups in (4000, 500)
    ]
    assert spread[1] == pytest.approx(spread[0], rel=0.15)


def test_equal_seeds_give_equal_bits_and_other_seeds_others():
    scores = measured(predicted(90, 12, seed=7)[0][0], predicted(90, 12, seed=7)[1])[1]
    one, again, other = (resampled_gap(scores, draw(90, 40, seed)) for seed in (1, 1, 2))
    assert one.tobytes() == again.tobytes() != other.tobytes()


def test_a_graph_differs_from_itself_in_no_resample():
    scores = measured(predicted(90, 12, seed=7)[0][0], predicted(90, 12, seed=7)[1])[1]
    draws = draw(90, 40, seed=1)
    assert not (resampled_gap(scores, draws) - resampled_gap(scores, draws)).any()


def test_a_resample_without_labels_has_no_gap():
    predictions, labels = predicted(3, 12, seed=8)[0][0], np.zeros((3, 12), bool)
    labels[0, 0] = True
    draws = draw(3, 200, seed=9)
    found = resampled_metrics(measured(predictions, labels)[1], draws)
    without = draws.times[:, draws.groups[0]] == 0
    assert 0 < without.sum() < 200
    np.testing.assert_array_equal(np.isnan(found["gap"]), without)
    assert np.isfinite(found["perr"]).all() and np.isfinite(found["hit_at_one"]).all()


def test_one_video_and_one_class_are_resampled_to_themselves():
    predictions, labels = np.array([[0.7]], np.float32), np.array([[True]])
    found = resampled_metrics(measured(predictions, labels)[1], draw(1, 10, seed=0))
    assert not any(values.any() for values in found.values())


def test_intervals_hold_the_truth_as_often_as_they_say():
    """A small version of `coverage`, which takes minutes; 6 % is 3 deviations of 120 runs."""
    shares = coverage(videos=100, runs=120, resamples=120, classes=6, population=40_000)
    assert (np.abs(shares - 0.95) < 0.06).all() and (shares < 1).any(), shares
