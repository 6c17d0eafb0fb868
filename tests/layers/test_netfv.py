import numpy as np
import pytest

from tests.reference import layers as slow
from yt8m.layers.netfv import NetFV


@pytest.mark.parametrize("coupling", [0.0, 0.3])
def test_netfv_matches_the_loop_over_frames_and_clusters(batch, filled, weights_of, coupling):
    frames, num_frames, mask = batch
    layer = NetFV(3, coupling=coupling)
    layer.build(frames.shape)
    weights = weights_of(filled(layer))
    # Far from 0: small deviations make distances of thousands, of which float32 keeps few digits.
    layer.deviation_roots.assign(np.abs(weights["deviation_roots"]) + 0.5)
    weights = weights_of(layer)
    centres = weights["kernel"] * coupling if coupling else weights["centres"]
    expected = slow.netfv(
        frames, num_frames, weights["kernel"], weights, centres, weights["deviation_roots"]
    )
    np.testing.assert_allclose(np.asarray(layer(frames, mask=mask)), expected, atol=1e-5)


def test_two_frames_and_two_clusters_by_hand():
    layer = NetFV(2)
    layer.build((None, None, 2))
    layer.assignment.kernel.assign(np.zeros((2, 2)))  # both clusters share every frame equally
    layer.centres.assign([[1.0, 0.0], [0.0, 0.0]])  # centres (1, 0) and (0, 0)
    layer.deviation_roots.assign([[1.0, 1.0], [2.0**0.5, 1.0]])  # deviations (1, 2) and (1, 1)
    frames = np.float32([[[2.0, 4.0], [1.0, 2.0]]])
    # Distances in deviations: (1, 2) and (0, 1) from the first, (2, 4) and (1, 2) from the second.
    # First order, halved: (1, 3) and (3, 6). Second: (-1, 3) and (3, 18), the clusters alternating.
    first = np.array([1 / 10**0.5, 1 / 5**0.5, 3 / 10**0.5, 2 / 5**0.5]) / 2**0.5
    second = np.array([-1, 3, 3, 18]) / 343**0.5
    expected = np.concatenate([first, second])
    np.testing.assert_allclose(np.asarray(layer(frames))[0], expected, atol=1e-5)


def test_columns_of_the_second_order_keep_their_lengths(batch, filled):
    frames, _, mask = batch
    layer = NetFV(3)
    layer.build(frames.shape)
    first, second = np.split(np.asarray(filled(layer)(frames, mask=mask)), 2, axis=1)
    lengths = [np.linalg.norm(order.reshape(4, 6, 3), axis=1) for order in (first, second)]
    np.testing.assert_allclose(lengths[0], 3**-0.5, atol=1e-5)
    assert lengths[1].std() > 0.05
    np.testing.assert_allclose((lengths[1] ** 2).sum(1), 1, atol=1e-5)


def test_coupled_clusters_have_no_separate_centres():
    layer = NetFV(2, coupling=0.01)
    layer.build((None, None, 4))
    assert "centres" not in [w.name for w in layer.weights]


def test_deviations_start_near_one():
    layer = NetFV(50)
    layer.build((None, None, 400))
    roots = np.asarray(layer.deviation_roots)
    assert abs(roots.mean() - 1.0) < 0.005
    assert abs(roots.std() - 0.05) < 0.005


def test_a_cluster_without_spread_does_not_divide_by_zero():
    layer = NetFV(2)
    layer.build((None, None, 2))
    layer.deviation_roots.assign(np.zeros((2, 2)))
    assert np.isfinite(np.asarray(layer(np.ones((1, 3, 2), "float32")))).all()
