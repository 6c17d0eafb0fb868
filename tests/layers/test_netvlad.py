import numpy as np
import pytest

from tests.reference import layers as slow
from yt8m.layers.netvlad import NetVLAD


@pytest.mark.parametrize("light", [False, True])
def test_netvlad_matches_the_loop_over_frames_and_clusters(batch, filled, weights_of, light):
    frames, num_frames, mask = batch
    layer = NetVLAD(3, light=light)
    layer.build(frames.shape)
    weights = weights_of(filled(layer))
    found = np.asarray(layer(frames, mask=mask))
    centres = None if light else weights["centres"]
    expected = slow.netvlad(frames, num_frames, weights["kernel"], weights, centres)
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_two_frames_and_two_clusters_by_hand():
    layer = NetVLAD(2)
    layer.build((None, None, 2))
    layer.assignment.kernel.assign(np.zeros((2, 2)))  # both clusters share every frame equally
    layer.centres.assign([[1.0, 0.0], [0.0, 0.0]])  # centres (1, 0) and (0, 0)
    frames = np.float32([[[1.0, 0.0], [1.0, 2.0]]])
    # Sums of half the distances: (0, 1) and (1, 1); then columns of length 1, then the whole.
    expected = np.array([0.0, 0.5**0.5, 1.0, 0.5**0.5]) / 2**0.5
    np.testing.assert_allclose(np.asarray(layer(frames))[0], expected, atol=1e-6)


def test_the_light_variant_has_no_centres():
    layer = NetVLAD(2, light=True)
    layer.build((None, None, 4))
    assert "centres" not in [w.name for w in layer.weights]
