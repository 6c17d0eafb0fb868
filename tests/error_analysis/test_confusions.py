import numpy as np
import pytest

from yt8m.error_analysis import confusions
from yt8m.error_analysis.confusion_files import read_confusions
from yt8m.error_analysis.confusions import ConfusedClasses
from yt8m.errors import ArtefactError

A, B, C, X, Y = range(5)
NAMES = ["a", "b", "c", "x", "y"]


def collected(predictions, labels, batch: int = 7, names=None) -> ConfusedClasses:
    """The observer after all videos, in batches."""
    found = ConfusedClasses(names or [f"class {c}" for c in range(labels.shape[1])])
    for first in range(0, len(labels), batch):
        of = slice(first, first + batch)
        ids = [f"v{row}" for row in range(len(labels))[of]]
        found.add(ids, np.zeros(len(ids)), predictions[of], labels[of])
    return found


def counts_of(predictions, labels, **how) -> dict[tuple[int, int], float]:
    """(label, class in its place) -> count"""
    found = collected(predictions, labels, **how).confusions("validate", "g", "r")
    pairs = zip(found.labels.tolist(), found.predicted.tolist(), strict=True)
    return dict(zip(pairs, found.counts.tolist(), strict=True))


def invented(videos: int = 300, classes: int = 12, share: float = 0.2):
    """Predictions with many equal values and zeros, and labels; some videos have none."""
    rng = np.random.default_rng(0)
    predictions = (rng.integers(0, 6, (videos, classes)) / 5).astype(np.float32)
    return predictions, rng.random((videos, classes)) < share


def slow_counts(predictions, labels) -> dict[tuple[int, int], float]:
    """The definition, video by video."""
    counts = {}
    for scores, true in zip(predictions, labels, strict=True):
        wanted = set(np.flatnonzero(true).tolist())
        order = sorted(range(len(scores)), key=lambda c: (-scores[c], c))
        predicted = {c for c in order[: len(wanted)] if scores[c] > 0}
        missed = wanted - predicted
        for label in missed:
            for other in predicted - wanted:
                counts[label, other] = counts.get((label, other), 0) + 1 / len(missed)
    return counts


def test_the_example_of_the_definition():
    """Labels a, b and c; a, x and y are predicted: x and y replace each of b and c by a half."""
    labels = np.array([[True, True, True, False, False]])
    predictions = np.array([[0.9, 0.1, 0.2, 0.8, 0.7]], np.float32)
    half = {(B, X): 0.5, (B, Y): 0.5, (C, X): 0.5, (C, Y): 0.5}
    assert counts_of(predictions, labels) == half
    found = collected(predictions, labels, names=NAMES).confusions("validate", "g", "r")
    assert found.label_names == ["b", "b", "c", "c"] and found.false_predictions == 2
    assert found.shares.tolist() == [0.5] * 4


def test_a_class_of_probability_0_is_not_predicted():
    labels = np.array([[True, True, False, False]])
    predictions = np.array([[0, 0, 0.5, 0]], np.float32)
    assert counts_of(predictions, labels) == {(0, 2): 0.5, (1, 2): 0.5}


@pytest.mark.parametrize("share", [0.2, 0.7])
def test_counts_are_those_of_a_slow_loop(share):
    predictions, labels = invented(share=share)
    expected, found = slow_counts(predictions, labels), counts_of(predictions, labels)
    assert found.keys() == expected.keys()
    assert all(found[pair] == pytest.approx(count, abs=1e-9) for pair, count in expected.items())
    total = collected(predictions, labels).confusions("s", "g", "r").false_predictions
    assert sum(found.values()) == pytest.approx(total, abs=1e-9)


def test_order_and_size_of_batches_and_of_what_is_added_up_do_not_change_the_file(
    tmp_path, monkeypatch
):
    predictions, labels = invented()
    order = np.random.default_rng(1).permutation(len(labels))
    collected(predictions, labels, 7).write(tmp_path / "a.parquet", "validate", "g", "r")
    monkeypatch.setattr(confusions, "PENDING", 5)
    other = collected(predictions[order], labels[order], len(labels))
    other.write(tmp_path / "b.parquet", "validate", "g", "r")
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


def test_the_most_frequent_pairs_come_first_and_the_file_is_bounded(tmp_path, monkeypatch):
    predictions, labels = invented()
    whole = collected(predictions, labels).confusions("validate", "g", "r")
    assert whole.pairs == len(whole.counts) > 20
    keys = list(zip(-whole.counts, whole.labels, whole.predicted, strict=True))
    assert keys == sorted(keys)
    monkeypatch.setattr(confusions, "KEPT", 20)
    collected(predictions, labels).write(tmp_path / "c.parquet", "validate", "g", "r")
    read = read_confusions(tmp_path / "c.parquet", "g", "r")
    assert read.pairs == whole.pairs and read.false_predictions == whole.false_predictions
    assert read.counts.tolist() == whole.counts[:20].tolist()
    assert read.predicted_names == whole.predicted_names[:20]
    with pytest.raises(ArtefactError, match="is about another graph"):
        read_confusions(tmp_path / "c.parquet", graph="other")
    (tmp_path / "c.parquet").write_bytes(b"PAR1")
    with pytest.raises(ArtefactError, match=r"c\.parquet: is not a file of `yt8m evaluate --c"):
        read_confusions(tmp_path / "c.parquet")


@pytest.mark.parametrize(("classes", "labelled"), [(1, True), (1, False), (4, False)])
def test_videos_without_mistakes_or_labels_confuse_nothing(tmp_path, classes, labelled):
    labels = np.full((3, classes), labelled)
    collected(np.full((3, classes), 0.5, np.float32), labels).write(tmp_path / "c", "s", "g", "r")
    read = read_confusions(tmp_path / "c")
    assert read.pairs == read.false_predictions == len(read.counts) == 0


def test_memory_does_not_grow_with_the_square_of_the_classes():
    """3,862 classes squared are 120 MB; one video may have thousands of labels."""
    import tracemalloc

    rng = np.random.default_rng(2)
    predictions = rng.random((256, 3862), np.float32)
    labels = rng.random((256, 3862)) < 0.001
    collected(predictions[:2], labels[:2])  # what numpy allocates once
    tracemalloc.start()
    found = collected(predictions, labels, batch=64)
    found.confusions("validate", "g", "r")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 25e6
