"""Statistics of 20,000 generated label lists, compared with those of real videos.

The expected values were measured on the labels of 55,842 YouTube-8M validation videos of 2018.
"""

import numpy as np
import pytest

from yt8m.data.generate.labels import DEPTH, Hierarchy, build_hierarchy, sample_labels
from yt8m.data.generate.statistics import centroid_share, label_shares


@pytest.fixture(scope="module")
def hierarchy():
    return build_hierarchy(np.random.default_rng(0), 3862)


@pytest.fixture(scope="module")
def labels(hierarchy):
    return sample_labels(np.random.default_rng(1), hierarchy, 20_000)


def companions(labels, at_least):
    """The largest P(another label | label) of each label seen at least so often."""
    counts = labels.sum(axis=0)
    seen = labels[:, counts >= at_least].astype(np.float32)
    together = seen.T @ labels.astype(np.float32) / seen.sum(axis=0)[:, None]
    together[np.arange(len(together)), np.flatnonzero(counts >= at_least)] = 0.0
    return together.max(axis=1)


def test_videos_have_as_many_labels_as_real_ones(labels):
    count = labels.sum(axis=1)
    assert count.mean() == pytest.approx(3.01, abs=0.05)
    shares = [(count == n).mean() for n in range(1, 6)] + [(count >= 6).mean()]
    assert shares == pytest.approx([0.247, 0.225, 0.186, 0.156, 0.088, 0.098], abs=0.01)


def test_a_few_labels_hold_most_instances(labels):
    counts = np.sort(labels.sum(axis=0))[::-1]
    assert counts[:10].sum() / counts.sum() == pytest.approx(0.29, abs=0.02)
    assert counts[:100].sum() / counts.sum() == pytest.approx(0.61, abs=0.03)


def test_frequency_falls_with_rank_as_measured():
    rank = np.arange(1, 3863)
    slope = np.polyfit(np.log(rank[10:]), np.log(label_shares(3862)[10:]), 1)[0]
    assert slope == pytest.approx(-1.2, abs=0.1)


def test_lower_indices_are_more_frequent(labels):
    counts = labels.sum(axis=0)
    blocks = [counts[start : start + 10].sum() for start in (0, 10, 20, 50, 100, 500)]
    assert blocks == sorted(blocks, reverse=True)


def test_most_common_labels_have_a_companion(labels):
    strongest = companions(labels, at_least=50)
    assert (strongest >= 0.5).mean() == pytest.approx(0.81, abs=0.07)


@pytest.mark.parametrize("classes", [2, 5, 60, 300])
def test_fewer_classes_keep_the_statistics(classes):
    hierarchy = build_hierarchy(np.random.default_rng(3), classes)
    labels = sample_labels(np.random.default_rng(4), hierarchy, 4_000)
    assert labels.sum(axis=1).min() >= 1
    if classes >= 60:
        assert labels.sum(axis=1).mean() == pytest.approx(3.0, abs=0.1)
        found = labels.mean(axis=0) / labels.sum() * len(labels)
        assert np.corrcoef(found, label_shares(classes))[0, 1] > 0.98
        assert (companions(labels, at_least=40) >= 0.5).mean() > 0.65


def test_parents_are_more_frequent_and_chains_end(hierarchy):
    child = np.flatnonzero(hierarchy.parent >= 0)
    assert (hierarchy.parent[child] < child).all()
    above = hierarchy.parent.copy()
    for _ in range(DEPTH - 1):
        above = np.where(above >= 0, hierarchy.parent[above], -1)
    assert (above == -1).all()


def test_a_label_that_always_implies_its_parent_never_occurs_without_it():
    hierarchy = Hierarchy(np.array([-1, 0, -1]), np.array([0.0, 1.0, 0.0]), np.full(3, 1 / 3))
    labels = sample_labels(np.random.default_rng(0), hierarchy, 500)
    assert not (labels[:, 1] & ~labels[:, 0]).any()


def test_frequent_labels_are_nearly_central_and_rare_ones_far_out():
    measured = {0.166: 0.009, 0.078: 0.024, 0.040: 0.039, 0.0093: 0.101, 0.0045: 0.113}
    found = centroid_share(np.array(list(measured)))
    assert found == pytest.approx(list(measured.values()), abs=0.02)
