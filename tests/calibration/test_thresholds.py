import numpy as np
import pytest

from tests.calibration.scored import counted, invented, on_edges
from tests.reference import calibration as reference
from yt8m.calibration.bins import lower_edges
from yt8m.calibration.thresholds import NEVER, at_one_half, choose_thresholds


def chosen(scores, labels, **how):
    found = counted(np.asarray(scores, np.float32), np.asarray(labels, bool))
    return choose_thresholds(found.videos, found.positives, **how)


def one_class(scores, labels, **how):
    return chosen(np.array(scores)[:, None], np.array(labels)[:, None], **how)


@pytest.mark.parametrize("seed", range(4))
def test_the_best_f1_is_that_of_trying_every_score(seed):
    scores, labels = invented(seed)
    scores = on_edges(scores)
    found = chosen(scores, labels)
    for c in range(scores.shape[1] - 2):
        column, true = scores[:, c].tolist(), labels[:, c].tolist()
        best = reference.best_f1(column, true)
        assert found.f1[c] == reference.f1(column, true, found.thresholds[c]) == best


@pytest.mark.parametrize("precision", [0.3, 0.7, 0.95, 1.0])
def test_the_lowest_threshold_with_a_precision_is_that_of_trying_every_score(precision):
    scores, labels = invented(5)
    scores, reached = on_edges(scores), []
    found = chosen(scores, labels, precision=precision)
    for c in range(scores.shape[1] - 2):
        column, true = scores[:, c].tolist(), labels[:, c].tolist()
        lowest = reference.lowest_with_precision(column, true, precision)
        expected = (0, 0) if lowest is None else reference.decisions(column, true, lowest)
        assert (found.hits[c], found.decided[c]) == expected
        assert (found.thresholds[c] == NEVER) == (lowest is None)
        reached.append(lowest is not None)
    assert any(reached) and (precision < 0.9 or not all(reached))


def test_measures_are_those_of_the_decisions_on_any_scores():
    scores, labels = invented(6)  # between edges
    found = chosen(scores, labels, min_positives=4)
    decided = scores >= found.thresholds
    assert (found.decided == decided.sum(axis=0)).all()
    assert (found.hits == (decided & labels).sum(axis=0)).all()
    hits, both = (decided & labels).sum(), decided.sum() + labels.sum()
    of_classes = 2 * (decided & labels).sum(0)[:-2] / (decided.sum(0) + labels.sum(0))[:-2]
    assert found.means() == pytest.approx({"micro": 2 * hits / both, "macro": of_classes.mean()})
    half = counted(scores, labels)
    half = at_one_half(half.videos, half.positives)
    assert (half.decided == (scores >= 0.5).sum(axis=0)).all()


def test_a_class_with_few_positives_gets_the_threshold_of_all_classes_pooled():
    scores, labels = invented(7)
    few = labels.sum(axis=0) < 8
    found = chosen(scores, labels, min_positives=8)
    pooled = one_class(scores.ravel(), labels.ravel()).thresholds[0]
    assert few.any() and not few.all() and (found.own == ~few).all()
    assert found.pooled == pooled and (found.thresholds[few] == pooled).all()
    assert (found.thresholds[~few] == chosen(scores, labels).thresholds[~few]).all()
    without = labels.sum(axis=0) == 0
    assert np.isnan(found.f1[without]).all() and np.isnan(found.recall[without]).all()


def test_a_threshold_lies_in_the_middle_between_the_nearest_videos():
    edges = lower_edges()
    scores, labels = [edges[300], edges[500], edges[501]], [False, True, True]
    for how in ({}, {"precision": 1.0}):
        assert one_class(scores, labels, **how).thresholds[0] == edges[400]


def test_of_equal_f1_the_highest_threshold_is_chosen():
    # One of one is right, or two of four: 2 / (1 + 2) = 4 / (4 + 2).
    found = one_class([0.9, 0.5, 0.5, 0.5, 0.01], [True, True, False, False, False])
    assert (found.hits[0], found.decided[0]) == (1, 1)


def test_videos_of_equal_probability_are_decided_together():
    found = one_class([0.7, 0.7, 0.7, 0.2], [True, False, True, False])
    assert (found.hits[0], found.decided[0]) == (2, 3)
    assert one_class([0.7, 0.7], [True, False], precision=0.9).thresholds[0] == NEVER


def test_a_precision_that_decimals_cannot_represent_is_reached_exactly():
    scores = [0.9] * 7 + [0.9] * 93
    found = one_class(scores, [True] * 7 + [False] * 93, precision=0.07)
    assert found.decided[0] == 100
