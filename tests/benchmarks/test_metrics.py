"""Heaps, NumPy and `yt8m.metrics` compute the same measures."""

import pytest

from benchmarks.metrics import baseline, numpy_peer, ours, races, scored_videos


@pytest.mark.parametrize("other", [baseline, numpy_peer])
def test_all_ways_measure_the_same(other):
    predictions, labels = scored_videos(300, 700)
    labels[::7] = False
    found, expected = ours(predictions, labels), other(predictions, labels)
    assert expected["gap"] > 0.5
    for name, value in expected.items():
        assert getattr(found, name) == pytest.approx(value, abs=1e-6)


def test_a_race_counts_all_videos(tmp_path):
    (race,) = races(tmp_path, 0.01)
    (peer,) = race.peers.values()
    assert race.ours() == race.plain() == peer.way() == 200
