import numpy as np
import pytest

from tests.reference import layers as slow
from yt8m.layers.netvlad import NetVLAD
from yt8m.layers.nextvlad import NeXtVLAD


def batch_norm(weights, path):
    """The four arrays of one batch normalisation, by name."""
    names = ("gamma", "beta", "moving_mean", "moving_variance")
    return {name: weights[f"it/{path}/{name}"] for name in names}


def arrays_of(layer):
    """As `slow.nextvlad` takes them."""
    weights = {w.path: np.asarray(w, "float64") for w in layer.weights}
    return {
        "widening": (weights["it/widening/kernel"], weights["it/widening/bias"]),
        "attention": (weights["it/attention/kernel"], weights["it/attention/bias"]),
        "assignment": weights["it/assignment/kernel"],
        "bn": batch_norm(weights, "normalisation"),
        "centres": weights["it/centres"],
        "vlad_bn": batch_norm(weights, "vlad_normalisation"),
    }


@pytest.mark.parametrize(("expansion", "groups"), [(2, 3), (2, 4), (1, 2), (1, 1)])
def test_nextvlad_matches_the_loop_over_frames_groups_and_clusters(
    batch, filled, expansion, groups
):
    frames, num_frames, mask = batch
    layer = NeXtVLAD(3, expansion, groups, name="it")
    layer.build(frames.shape)
    arrays = arrays_of(filled(layer))
    found = np.asarray(layer(frames, mask=mask))
    assert found.shape == (4, expansion * 6 // groups * 3)
    expected = slow.nextvlad(frames, num_frames, 3, groups, arrays)
    np.testing.assert_allclose(found, expected, rtol=0, atol=2e-5)


def test_one_group_without_widening_is_netvlad(batch, filled):
    """Full attention, no widening: the same columns, each of length 1."""
    frames, _, mask = batch
    layer, plain = NeXtVLAD(3, 1, 1), NetVLAD(3)
    for each in (layer, plain):
        each.build(frames.shape)
    filled(plain)
    layer.widening.set_weights([np.eye(6), np.zeros(6)])
    layer.attention.set_weights([np.zeros((6, 1)), np.full(1, 50.0)])
    layer.assignment.set_weights([plain.assignment.kernel])
    layer.normalisation.set_weights(plain.assignment.normalisation.get_weights())
    layer.centres.assign(plain.centres)
    found = np.asarray(layer(frames, mask=mask)) * (1 + 1e-3) ** 0.5  # undoes vlad_normalisation
    expected = np.asarray(plain(frames, mask=mask)) * 3**0.5  # undoes the length of the whole
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-5)


def test_two_groups_share_the_centres_and_attention_decides_by_hand():
    layer = NeXtVLAD(2, 1, 2)
    layer.build((None, None, 4))
    layer.widening.set_weights([np.eye(4), np.zeros(4)])
    # The first group gets sigmoid(0) = 1/2, the second sigmoid(-50) = 0.
    layer.attention.set_weights([np.zeros((4, 2)), np.array([0.0, -50.0])])
    layer.assignment.set_weights([np.zeros((4, 4))])  # both clusters share every group equally
    layer.centres.assign([[1.0, 0.0], [0.0, 0.0]])  # centres (1, 0) and (0, 0)
    frames = np.float32([[[1.0, 2.0, 7.0, 7.0], [5.0, 1.0, 9.0, 9.0]]])
    # First cluster: a quarter of (0, 2) and of (4, 1), of length 1. Second: of (1, 2) and (5, 1).
    found = np.asarray(layer(frames))[0] * (1 + 1e-3) ** 0.5
    np.testing.assert_allclose(found, [0.8, 2 / 5**0.5, 0.6, 1 / 5**0.5], atol=1e-5)


def test_groups_that_do_not_divide_the_frames_are_refused():
    with pytest.raises(ValueError, match="groups: 12 values cannot be split into 5"):
        NeXtVLAD(3, 2, 5).build((None, None, 6))
