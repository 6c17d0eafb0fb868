from functools import partial

import numpy as np
import pytest

from tests.reference import metrics as reference
from yt8m.errors import ArtefactError, ConfigError, RecordError
from yt8m.metrics import accumulate, entries
from yt8m.metrics.accumulate import Metrics
from yt8m.parts import Part


def videos(seed, count=60, classes=40, levels=None):
    """Random scores and labels; `levels` is the number of different scores, to have ties."""
    rng = np.random.default_rng(seed)
    labels = rng.random((count, classes)) < rng.choice([0.0, 0.05, 0.2], (count, 1))
    labels[:, -2:] = False  # classes without positives
    scores = rng.random((count, classes)) + 0.3 * labels - 0.2
    if levels:
        scores = np.round(scores * levels) / levels
    return scores.astype(np.float32), labels


def evaluated(predictions, labels, batch=10**6, top_k=20):
    metrics = Metrics(predictions.shape[1], top_k)
    for start in range(0, len(labels), batch):
        metrics.add(predictions[start : start + batch], labels[start : start + batch])
    return metrics.result()


@pytest.mark.parametrize("levels", [None, 4])
@pytest.mark.parametrize("top_k", [1, 3, 20, 100])
@pytest.mark.parametrize("seed", range(5))
def test_measures_equal_those_of_plain_loops(seed, top_k, levels):
    predictions, labels = videos(seed, levels=levels)
    result = evaluated(predictions, labels, batch=7, top_k=top_k)
    expected = reference.metrics(predictions, labels, top_k)
    for name in ("gap", "map", "perr", "hit_at_one"):
        assert getattr(result, name) == pytest.approx(expected[name], abs=1e-12)
    assert result.classes.positives.tolist() == expected["positives"]
    assert result.classes.retrieved.tolist() == expected["retrieved"]
    np.testing.assert_allclose(
        result.classes.average_precision, expected["average_precision"], atol=1e-12
    )
    assert (result.videos, result.positives) == (len(labels), labels.sum())
    present = [
        ap for ap, n in zip(expected["average_precision"], expected["positives"], strict=True) if n
    ]
    assert result.classes_with_positives == len(present) < 40
    assert result.map_present == pytest.approx(sum(present) / len(present), abs=1e-12)
    assert result.videos_without_labels == sum(not row.any() for row in labels) > 0
    assert result.top_k == min(top_k, 40)


def test_hit_at_one_of_an_example_by_hand():
    predictions = np.array([[0.9, 0.2], [0.1, 0.8], [0.5, 0.5], [0.3, 0.6]], np.float32)
    labels = np.array([[1, 0], [1, 0], [1, 0], [0, 0]], bool)  # third: a tie, the lower class wins
    assert evaluated(predictions, labels).hit_at_one == 0.5


def test_perr_of_an_example_by_hand():
    predictions = np.array([[0.9, 0.8, 0.1], [-0.1, -0.2, -0.3], [0.3, 0.2, 0.1]], np.float32)
    labels = np.array([[1, 0, 1], [1, 0, 0], [0, 0, 0]], bool)
    # Half of the first's two best; a value below 0 does not count; no labels, no precision.
    assert evaluated(predictions, labels).perr == pytest.approx(0.5 / 3)


@pytest.mark.parametrize("levels", [None, 3])
def test_order_and_size_of_batches_do_not_matter(levels):
    predictions, labels = videos(7, levels=levels)
    once = evaluated(predictions, labels)
    order = np.random.default_rng(1).permutation(len(labels))
    for batch in (1, 13):
        other = evaluated(predictions[order], labels[order], batch)
        for name in ("gap", "map", "perr", "hit_at_one"):
            assert getattr(other, name) == getattr(once, name)


def test_entries_in_a_file_give_the_same_result_as_in_memory(monkeypatch):
    predictions, labels = videos(8)
    in_memory = evaluated(predictions, labels)
    monkeypatch.setattr(accumulate, "Entries", partial(entries.Entries, 1000))
    monkeypatch.setattr(entries, "BLOCK", 37)
    in_file = evaluated(predictions, labels, batch=4)
    assert in_file.gap == pytest.approx(in_memory.gap, abs=1e-12)
    assert in_file.map == pytest.approx(in_memory.map, abs=1e-12)


@pytest.mark.parametrize("limit", [100, 10**6])
def test_an_intermediate_result_can_be_computed(monkeypatch, limit):
    monkeypatch.setattr(accumulate, "Entries", partial(entries.Entries, limit))
    predictions, labels = videos(9)
    metrics = Metrics(40)
    metrics.add(predictions[:20], labels[:20])
    assert metrics.result().gap == evaluated(predictions[:20], labels[:20]).gap
    metrics.add(predictions[20:], labels[20:])
    assert metrics.result().gap == metrics.result().gap == evaluated(predictions, labels).gap
    assert metrics.result().map == evaluated(predictions, labels).map


def test_map_is_over_all_classes_and_over_those_that_occur():
    predictions = np.array([[0.9, 0.1, 0.5, 0.4], [0.2, 0.8, 0.1, 0.3]], np.float32)
    labels = np.array([[True, False, False, False], [False, False, False, False]])
    result = evaluated(predictions, labels)
    assert (result.map, result.map_present, result.classes_with_positives) == (0.25, 1.0, 1)
    assert (result.hit_at_one, result.perr, result.videos_without_labels) == (0.5, 0.5, 1)
    assert (result.videos, result.top_k) == (2, 4)


def test_losses_are_averaged_over_videos():
    predictions, labels = videos(1, count=6)
    losses = np.array([1, 2, 3, 4, 5, 9], np.float32)
    metrics = Metrics(40)
    metrics.add(predictions[:4], labels[:4], losses[:4])
    metrics.add(predictions[4:], labels[4:], losses[4:].mean())
    assert metrics.result().loss == pytest.approx(4.0)
    assert evaluated(predictions, labels).loss is None


def test_videos_without_labels_count_as_misses():
    predictions, labels = videos(2)
    labels[:30] = False
    assert evaluated(predictions, labels).perr == pytest.approx(
        evaluated(predictions[30:], labels[30:]).perr / 2
    )


def test_an_empty_batch_changes_nothing():
    predictions, labels = videos(3)
    metrics = Metrics(40)
    metrics.add(predictions, labels)
    metrics.add(predictions[:0], labels[:0], np.zeros(0))
    assert metrics.result().gap == evaluated(predictions, labels).gap


def test_a_set_without_labels_is_refused():
    with pytest.raises(RecordError, match="none of the 3 evaluated videos has a label"):
        evaluated(np.ones((3, 5), np.float32), np.zeros((3, 5), bool))
    with pytest.raises(RecordError, match="none of the 0"):
        Metrics(5).result()


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_prediction_that_is_not_finite_is_refused(value):
    predictions, labels = videos(4)
    metrics = Metrics(40)
    metrics.add(predictions, labels)
    predictions[2, 31] = value
    with pytest.raises(ArtefactError, match=r"video 62 \(counted from 0\), class 31"):
        metrics.add(predictions, labels)


def test_a_loss_that_is_not_finite_is_refused():
    predictions, labels = videos(4, count=2)
    with pytest.raises(ArtefactError, match=r"video 1 \(counted from 0\): its loss is nan"):
        Metrics(40).add(predictions, labels, np.array([0.0, np.nan]))


@pytest.mark.parametrize(
    ("predictions", "labels", "losses", "message"),
    [
        (np.zeros((2, 4), "f4"), np.zeros((2, 4), bool), None, r"expected \[videos, 5\]"),
        (np.zeros((2, 5), "f8"), np.zeros((2, 5), bool), None, "float64; expected float32"),
        (np.zeros((2, 5), "f4"), np.zeros((2, 5), "f4"), None, "labels are float32"),
        (np.zeros((2, 5), "f4"), np.zeros((3, 5), bool), None, r"expected bool \(2, 5\)"),
        (np.zeros((2, 5), "f4"), np.zeros((2, 5), bool), np.zeros(3), "losses have shape"),
    ],
)
def test_batches_of_wrong_shapes_are_refused(predictions, labels, losses, message):
    with pytest.raises(ArtefactError, match=message):
        Metrics(5).add(predictions, labels, losses)


def test_fewer_than_one_entry_a_video_is_refused():
    with pytest.raises(ConfigError, match="top_k: is 0"):
        Metrics(5, top_k=0)


def test_large_finite_predictions_whose_sum_overflows_are_accepted():
    metrics = Metrics(4, top_k=2)
    predictions = np.full((2, 4), np.finfo(np.float32).max)
    metrics.add(predictions, np.eye(2, 4, dtype=bool))
    assert metrics.result().videos == 2


@pytest.mark.parametrize("seed", range(12))
def test_states_of_parts_come_to_the_result_of_one_piece_to_the_bit(seed):
    rng = np.random.default_rng(seed)
    predictions, labels = videos(seed, levels=[None, 4][seed % 2])
    losses = rng.random(len(labels)) * 10.0 ** rng.integers(-8, 8, len(labels))
    size, parts = rng.integers(1, 20), rng.integers(1, 9)
    starts = range(0, len(labels), size)

    def collected(numbers, whole):
        for start in (starts[number] for number in numbers):
            rows = slice(start, start + size)
            whole.add(predictions[rows], labels[rows], losses[rows])
        return whole

    once = collected(range(len(starts)), Metrics(40, 3))
    merged = Metrics(40, 3)
    for number in range(parts):
        share = Part(number, parts).share(len(starts))
        merged.add_state(collected(share, Metrics(40, 3)).state())
    expected, found = vars(once.result()), vars(merged.result())
    classes = [vars(measures.pop("classes")) for measures in (expected, found)]
    assert found == expected
    for name, values in classes[0].items():
        np.testing.assert_array_equal(classes[1][name], values)
