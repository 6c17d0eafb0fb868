import numpy as np

from tests.reference import layers as slow
from yt8m.layers.dbof import GatedDBoF, SoftDBoF


def test_soft_dbof_is_the_loop_over_frames(batch, filled, weights_of):
    frames, num_frames, mask = batch
    layer = SoftDBoF(5)
    layer.build(frames.shape)
    weights = weights_of(filled(layer))
    expected = slow.soft_dbof(frames, num_frames, weights["kernel"], weights)
    np.testing.assert_allclose(np.asarray(layer(frames, mask=mask)), expected, atol=1e-5)


def test_gated_dbof_is_the_loop_over_frames(batch, filled, weights_of):
    frames, num_frames, mask = batch
    layer = GatedDBoF(5)
    layer.build(frames.shape)
    filled(layer)
    expected = slow.gated_dbof(
        frames,
        num_frames,
        np.asarray(layer.assignment.kernel),
        weights_of(layer.assignment.normalisation),
        np.asarray(layer.gate_down),
        np.asarray(layer.gate_up),
        weights_of(layer.gate_normalisation),
    )
    np.testing.assert_allclose(np.asarray(layer(frames, mask=mask)), expected, atol=1e-5)


def test_shares_of_equal_clusters_by_hand():
    layer = SoftDBoF(4)
    layer.build((None, None, 2))
    layer.assignment.kernel.assign(np.zeros((2, 4)))
    found = np.asarray(layer(np.ones((1, 3, 2), "float32")))
    np.testing.assert_allclose(found, [[0.5, 0.5, 0.5, 0.5]], atol=1e-6)
