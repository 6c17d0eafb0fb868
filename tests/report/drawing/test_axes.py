import numpy as np
import pytest

from yt8m.report.drawing.axes import Scale, scale_around, tick_text


@pytest.mark.parametrize("low, high", [(0.81, 0.83), (0, 1), (3, 11_000), (-2, 7)])
def test_even_ticks_are_round_and_inside(low, high):
    scale = Scale(low, high, 0, 100)
    ticks = scale.ticks(5)
    assert 3 <= len(ticks) <= 8
    assert all(low <= t <= high for t in ticks)
    assert np.allclose(np.diff(ticks), ticks[1] - ticks[0])
    label = tick_text(scale)
    assert len({label(t) for t in ticks}) == len(ticks)


@pytest.mark.parametrize("low, high", [(3, 4000), (50e3, 450e3), (8e6, 1.3e9), (1, 1e9), (3.1, 4)])
def test_log_ticks_are_inside_and_rise(low, high):
    ticks = Scale(low, high, 0, 100, log=True).ticks(5)
    assert all(low <= t <= high for t in ticks)
    assert ticks == sorted(set(ticks))
    assert len(ticks) <= 11


def test_a_scale_around_one_value_has_room_on_both_sides():
    for log in (False, True):
        scale = scale_around([5.0, 5.0], 0, 100, log=log)
        assert scale.low < 5 < scale.high
        assert scale(5.0) == pytest.approx(50)
