"""The kept part of predictions suffices to score any mixture like an evaluation."""

import numpy as np
import pytest

from tests.weight_learning.invented import all_of, invented
from yt8m.metrics.accumulate import Metrics
from yt8m.metrics.cross_entropy import losses
from yt8m.weight_learning.candidates import ABSENT, candidates_of, joined
from yt8m.weight_learning.measures import gap, loss, loss_slope, mixture

MIXTURES = ([1, 0, 0], [0, 0, 1], [0.2, 0.3, 0.5], [0.6, 0.4, 0])


@pytest.mark.parametrize("weights", MIXTURES)
@pytest.mark.parametrize("top_k", [5, 20])
def test_the_scores_of_mixtures_match_an_evaluation(weights, top_k):
    predictions, labels = invented(200, 300)
    found = candidates_of(predictions, labels, 40)
    assert found.labels.shape[1] < 300
    weights = np.array(weights, float)
    mixed = sum(w * own for w, own in zip(weights.astype("f4"), predictions, strict=True))
    metrics = Metrics(300, top_k)
    metrics.add(mixed, labels, losses(mixed, labels))
    expected = metrics.result()
    assert gap(found, mixture(found, weights), top_k) == pytest.approx(expected.gap, abs=1e-6)


def test_leaving_out_unlikely_classes_hardly_changes_the_loss():
    rng = np.random.default_rng(1)
    predictions, labels = invented(100, 500)
    quiet = [np.where(labels, own, own * rng.random(labels.shape) ** 12) for own in predictions]
    quiet = [own.astype("f4") for own in quiet]
    found = candidates_of(quiet, labels, 20)
    weights = np.array([0.5, 0.3, 0.2])
    mixed = sum(w * own for w, own in zip(weights.astype("f4"), quiet, strict=True))
    expected = losses(mixed, labels).mean()
    assert loss(found, mixture(found, weights)) == pytest.approx(expected, rel=5e-3)
    everything = all_of(quiet, labels)
    assert loss(everything, mixture(everything, weights)) == pytest.approx(expected, rel=1e-6)


def test_the_gradient_matches_the_loss():
    predictions, labels = invented(100, 60)
    found, weights = candidates_of(predictions, labels, 10), np.array([0.5, 0.3, 0.2])
    slope = loss_slope(found, mixture(found, weights))
    for member, other in ((0, 1), (2, 0)):
        along = np.zeros(3)
        along[member], along[other] = 1e-2, -1e-2
        up, down = (loss(found, mixture(found, weights + s * along)) for s in (1, -1))
        assert (up - down) / 2 == pytest.approx(slope @ along, rel=5e-3)


def test_every_label_is_a_candidate_and_rows_are_padded():
    labels = np.zeros((2, 6), bool)
    labels[0, [1, 4, 5]] = True
    own = np.array([[0.9, 0, 0, 0.1, 0, 0], [0.9, 0, 0, 0.1, 0, 0]], "f4")
    found = candidates_of([own], labels, 1)
    assert found.predictions[:, :, 0].tolist() == [
        [np.float32(0.9), 0, 0, 0],
        [np.float32(0.9), ABSENT, ABSENT, ABSENT],
    ]
    assert found.labels.tolist() == [[False, True, True, True], [False] * 4]
    assert found.left_out[:, 0].tolist() == pytest.approx([0.1, 0.1])
    assert found.others.tolist() == [2, 5]


def test_batches_give_the_same_candidates_as_all_videos_at_once():
    predictions, labels = invented(50, 80)
    whole = candidates_of(predictions, labels, 8)
    parts = [slice(0, 20), slice(20, 50)]
    again = joined(
        [candidates_of([p[part] for p in predictions], labels[part], 8) for part in parts]
    )
    for name in ("predictions", "labels", "left_out", "others"):
        np.testing.assert_array_equal(getattr(again, name), getattr(whole, name))
