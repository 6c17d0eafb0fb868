import numpy as np
import pytest

from tests.reference import layers as slow
from yt8m.layers.dbof import DBoF, GatedDBoF, SoftDBoF, SumMaxDBoF


@pytest.mark.parametrize(("pooling", "one_number"), [("max", max), ("average", np.mean)])
def test_dbof_matches_the_loop_over_frames_and_units(
    batch, filled, weights_of, pooling, one_number
):
    frames, num_frames, mask = batch
    layer = DBoF(5, pooling=pooling)
    layer.build(frames.shape)
    weights = weights_of(filled(layer))
    found = np.asarray(layer(frames, mask=mask))
    expected = slow.dbof(frames, num_frames, weights["kernel"], weights, one_number)
    np.testing.assert_allclose(found, expected, atol=1e-5)


def unit_of_one_value(pooling):
    """A DBoF of one unit that passes its one value on, apart from relu6."""
    layer = DBoF(1, pooling=pooling)
    layer.build((None, None, 1))
    layer.kernel.assign([[1.0]])
    layer.normalisation.moving_variance.assign([1.0 - layer.normalisation.epsilon])
    return layer


@pytest.mark.parametrize(("pooling", "expected"), [("max", 6.0), ("average", 3.0)])
def test_three_frames_of_one_value_by_hand(pooling, expected):
    # relu6 makes 0, 3 and 6 of them.
    found = unit_of_one_value(pooling)(np.float32([[[-1.0], [3.0], [9.0]]]))
    np.testing.assert_allclose(np.asarray(found), [[expected]], atol=1e-5)


@pytest.mark.parametrize("pooling", ["max", "average"])
def test_a_video_without_frames_has_empty_units(pooling):
    layer = unit_of_one_value(pooling)
    found = layer(np.ones((1, 2, 1), "float32"), mask=np.zeros((1, 2), bool))
    assert np.asarray(found) == [[0.0]]


def test_sums_and_largest_shares_match_the_loop_over_frames(batch, filled, weights_of):
    frames, num_frames, mask = batch
    layer = SumMaxDBoF(5)
    layer.build(frames.shape)
    weights = weights_of(filled(layer))
    expected = slow.sum_max_dbof(frames, num_frames, weights["kernel"], weights)
    np.testing.assert_allclose(np.asarray(layer(frames, mask=mask)), expected, atol=1e-5)


def test_soft_dbof_matches_the_loop_over_frames(batch, filled, weights_of):
    frames, num_frames, mask = batch
    layer = SoftDBoF(5)
    layer.build(frames.shape)
    weights = weights_of(filled(layer))
    expected = slow.soft_dbof(frames, num_frames, weights["kernel"], weights)
    np.testing.assert_allclose(np.asarray(layer(frames, mask=mask)), expected, atol=1e-5)


def test_gated_dbof_matches_the_loop_over_frames(batch, filled, weights_of):
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
