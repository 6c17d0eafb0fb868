"""Learned weights match a search of the whole simplex, and their cross-validation is correct."""

from dataclasses import replace

import numpy as np
import pytest

from tests.weight_learning.invented import all_of, grid, invented
from yt8m.config.ensembles import WeightLearning
from yt8m.errors import RecordError
from yt8m.weight_learning.cross_validation import cross_validate, fit_weights
from yt8m.weight_learning.measures import gap, loss, mixture
from yt8m.weight_learning.run import described

FREE = WeightLearning(pull=0.0, folds=4)


def even(members):
    return np.full(members, 1 / members)


def measure(candidates, weights, objective):
    """The quantity to minimise."""
    mixed = mixture(candidates, weights)
    return loss(candidates, mixed) if objective == "loss" else -gap(candidates, mixed, 20)


@pytest.mark.parametrize("noises", [(1.0, 1.2), (1.0, 3.0), (1.2, 1.0, 2.0), (2.0, 2.0, 2.0)])
@pytest.mark.parametrize("objective", ["loss", "gap"])
def test_no_point_of_a_fine_grid_is_better(noises, objective):
    candidates = all_of(*invented(noises=noises))
    found = fit_weights(candidates, even(len(noises)), replace(FREE, objective=objective), 20)
    best = min(measure(candidates, w, objective) for w in grid(len(noises), 50))
    slack = 2e-4 if objective == "gap" else 2e-5 * best
    assert measure(candidates, found, objective) <= best + slack


def test_the_better_member_has_more_weight_and_a_useless_one_none():
    candidates = all_of(*invented(noises=(1.0, 1.5)))
    assert fit_weights(candidates, even(2), FREE, 20)[0] > 0.5
    predictions, labels = invented(noises=(1.0,))
    useless = [*predictions, np.full_like(predictions[0], 0.5)]
    for objective in ("gap", "loss"):
        found = fit_weights(
            all_of(useless, labels), even(2), replace(FREE, objective=objective), 20
        )
        assert found[1] <= 0.02 + 0.5 * (objective == "gap")


@pytest.mark.parametrize("objective", ["loss", "gap"])
def test_identical_members_keep_the_configured_weights(objective):
    predictions, labels = invented(noises=(1.0,))
    configured = np.array([0.6, 0.3, 0.1])
    found = fit_weights(
        all_of(predictions * 3, labels), configured, replace(FREE, objective=objective), 20
    )
    assert found.tolist() == configured.tolist()


@pytest.mark.parametrize("objective", ["loss", "gap"])
def test_a_strong_pull_keeps_the_configured_weights(objective):
    candidates, configured = all_of(*invented(noises=(1.0, 3.0))), np.array([0.3, 0.7])
    held = fit_weights(candidates, configured, WeightLearning(objective=objective, pull=100.0), 20)
    np.testing.assert_allclose(held, configured, atol=0.011)


def test_weights_move_only_if_the_gain_exceeds_the_pull():
    """Weights move less if the gain per nat is below the pull."""
    candidates, configured = all_of(*invented(noises=(1.0, 1.5))), even(2)
    before = gap(candidates, mixture(candidates, configured), 20)
    free = fit_weights(candidates, configured, FREE, 20)
    gain = gap(candidates, mixture(candidates, free), 20) - before
    assert gain > 0
    held = fit_weights(candidates, configured, replace(FREE, pull=200 * gain / before), 20)
    assert abs(held[0] - 0.5) < abs(free[0] - 0.5)


def test_an_example_by_hand():
    """One member is right about two videos, the other about one: the loss is lowest at 2 to 1.

    Each class is a coin whose mixture probability is w or 1 - w: 2 log w + log(1 - w) is highest at
    2 / 3.
    """
    labels = np.array([[True], [True], [True]])
    right = np.array([[1], [1], [0]], "f4")
    candidates = all_of([right, 1 - right], labels)
    found = fit_weights(candidates, even(2), replace(FREE, objective="loss"), 20)
    np.testing.assert_allclose(found, [2 / 3, 1 / 3], atol=5e-3)


def test_a_single_member_has_all_of_the_weight():
    candidates = all_of(*invented(noises=(1.0,)))
    outcome = cross_validate(candidates, np.array([1.0]), WeightLearning(), 20)
    assert outcome.learned.tolist() == [1.0] and outcome.folds_won == 0
    assert (
        described(["a"], np.array([1.0]), outcome, WeightLearning(), 300)["method"] == "configured"
    )


def test_folds_are_evaluated_with_weights_learned_on_the_others():
    """The pooled scores, recomputed fold by fold over whole arrays."""
    predictions, labels = invented(120, noises=(1.0, 1.5))
    candidates, settings = all_of(predictions, labels), WeightLearning(folds=3, seed=7)
    outcome = cross_validate(candidates, even(2), settings, 20)
    fold_of = np.random.default_rng(7).permutation(120) % 3
    pooled = np.empty_like(predictions[0])
    for fold in range(3):
        rest = fold_of != fold
        chosen = all_of([own[rest] for own in predictions], labels[rest])
        weights = fit_weights(chosen, even(2), settings, 20)
        pooled[~rest] = weights[0] * predictions[0][~rest] + weights[1] * predictions[1][~rest]
    expected = all_of([pooled], labels)
    mixed = mixture(expected, np.ones(1))
    assert outcome.out_of_fold.gap == pytest.approx(gap(expected, mixed, 20), abs=1e-6)
    assert outcome.out_of_fold.loss == pytest.approx(loss(expected, mixed), rel=1e-5)


def test_learned_weights_are_used_if_they_are_better_in_cross_validation():
    configured = np.array([0.1, 0.9])
    candidates = all_of(*invented(noises=(0.8, 2.5)))
    for objective in ("gap", "loss"):
        settings = WeightLearning(objective=objective)
        outcome = cross_validate(candidates, configured, settings, 20)
        found = described(["a", "b"], configured, outcome, settings, 300)
        assert found["method"] == "learned" and found["learned"]["folds_won"] == 5
        assert found["weights"] == found["learned"]["weights"] != found["configured"]["weights"]
        assert getattr(outcome.in_sample, objective) != getattr(outcome.configured, objective)


def test_weights_fitted_to_noise_are_rejected():
    """Three equally good members on few videos: some draws must lose, which changes nothing."""
    methods = set()
    for seed in range(6):
        candidates = all_of(*invented(30, noises=(1.5, 1.5, 1.5), seed=seed))
        outcome = cross_validate(candidates, even(3), FREE, 20)
        assert outcome.in_sample.gap >= outcome.configured.gap
        found = described(["a", "b", "c"], even(3), outcome, FREE, 30)
        methods.add(found["method"])
        if found["method"] == "configured":
            assert found["weights"] == dict.fromkeys("abc", 1 / 3)
    assert "configured" in methods


def test_the_same_videos_give_the_same_weights():
    candidates = all_of(*invented())
    first, second = (cross_validate(candidates, even(3), WeightLearning(), 20) for _ in range(2))
    assert first.learned.tolist() == second.learned.tolist()
    assert first.out_of_fold == second.out_of_fold


def test_videos_without_labels_count_as_misses():
    predictions, labels = invented(100)
    labels[::3] = False
    candidates = all_of(predictions, labels)
    outcome = cross_validate(candidates, even(3), FREE, 20)
    assert outcome.in_sample.gap >= outcome.configured.gap > 0


def test_videos_without_any_label_are_refused():
    predictions, labels = invented(20)
    with pytest.raises(RecordError, match="none of the 20 videos of validate has a label"):
        cross_validate(all_of(predictions, labels & False), even(3), WeightLearning(), 20)


def test_more_folds_than_videos_are_refused():
    with pytest.raises(RecordError, match="3 videos of validate are too few for 5 folds"):
        cross_validate(all_of(*invented(3)), even(3), WeightLearning(), 20)
