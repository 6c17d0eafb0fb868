"""All ways of the race extract the same features."""

import numpy as np

from benchmarks.extraction import races


def test_all_ways_agree(tmp_path):
    (race,) = races(tmp_path, 0.05)
    (peer,) = (peer.way for peer in race.peers.values())
    found = race.ours.features()
    assert len(found.features["rgb"]) == 3
    for other in (race.plain, peer):
        rgb, audio = other.features()
        np.testing.assert_allclose(found.features["rgb"], rgb, atol=1e-2)
        np.testing.assert_allclose(found.features["audio"], audio, rtol=0.05, atol=0.5)
