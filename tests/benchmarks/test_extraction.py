"""Both ways of the race extract the same features."""

import numpy as np

from benchmarks.extraction import races


def test_both_ways_agree_and_count_the_seconds(tmp_path):
    (race,) = races(tmp_path, 0.05)
    assert (race.ours(), race.plain()) == (3, 3)
    found, (rgb, audio) = race.ours.features(), race.plain.features()
    np.testing.assert_allclose(found.features["rgb"], rgb, atol=1e-2)
    np.testing.assert_allclose(found.features["audio"], audio, rtol=0.05, atol=0.5)
