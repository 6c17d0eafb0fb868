import numpy as np
import pytest

from tests.metrics.simulated import predicted
from yt8m.metrics.accumulate import Metrics
from yt8m.metrics.bootstrap import draw, resampled_gap
from yt8m.metrics.intervals import interval
from yt8m.metrics.paired import AgainstFirst, Kept, Resampling

HOW = Resampling(resamples=200, seed=3, level=0.9)


def evaluated(predictions, labels, batch):
    """The result, and what was kept, batch by batch."""
    metrics, kept = Metrics(labels.shape[1], 20), Kept()
    for first in range(0, len(labels), batch):
        rows = slice(first, first + batch)
        scores = metrics.add(predictions[rows], labels[rows])
        kept.add([""] * len(labels[rows]), np.zeros(len(labels[rows])), scores)
    return metrics.result(), kept


def test_an_interval_is_that_of_the_same_resamples_of_both_graphs():
    (one, other), labels = predicted(120, 12, seed=1)
    found = AgainstFirst(HOW)
    assert found.interval(*evaluated(one, labels, 50)) is None
    after, kept = evaluated(other, labels, 50)

    (before, of_before), draws = evaluated(one, labels, 120), draw(120, 200, 3)
    moved = resampled_gap(kept.scores(), draws) - resampled_gap(of_before.scores(), draws)
    expected = interval(after.gap - before.gap, moved, 0.9)
    assert found.interval(after, kept) == expected and expected.low < after.gap - before.gap


def test_equal_graphs_differ_by_exactly_nothing():
    (one, _), labels = predicted(120, 12, seed=1)
    found = AgainstFirst(HOW)
    found.interval(*evaluated(one, labels, 120))
    same = found.interval(*evaluated(one, labels, 120))
    assert (same.low, same.high, same.p) == (0, 0, 1)


@pytest.mark.parametrize(("labelled", "known"), [(49, False), (50, True)])
def test_few_labelled_videos_have_no_interval(labelled, known):
    (one, other), labels = predicted(120, 12, seed=1)
    labels[:, 0] = True
    labels[labelled:] = False
    found = AgainstFirst(HOW)
    found.interval(*evaluated(one, labels, 120))
    assert (found.interval(*evaluated(other, labels, 120)) is not None) == known
