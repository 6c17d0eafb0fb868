"""Pictures of generated clips: they show what the clip says."""

from itertools import islice

import numpy as np
import pytest

from tests.demo_videos.clips import shape, shot, textured
from yt8m.demo_videos.clip import Clip
from yt8m.demo_videos.drawing import GRAIN, HEIGHT, RATE, WIDTH, draw, pictures_of


def area(picture: np.ndarray) -> float:
    """Of what is white on grey, in squares of the picture's height; float32 [3, H, W]."""
    return float((2 * picture[0] - 1).sum()) / HEIGHT**2


def centre(picture: np.ndarray) -> float:
    """Columns from the left to the middle of what is white on grey."""
    weights = (2 * picture[0] - 1).sum(axis=0)
    return float(weights @ np.arange(WIDTH) / weights.sum())


def test_a_circle_has_the_area_of_its_radius():
    assert area(draw(shot(shape(radius=0.2)), 0)) == pytest.approx(np.pi * 0.2**2, rel=0.01)


def test_a_square_has_the_area_of_its_sides_however_it_is_turned():
    side = 2 * 0.2 / 1.15
    for angle in (0, 0.4):
        found = area(draw(shot(shape("square", angle=angle)), 0))
        assert found == pytest.approx(side**2, rel=0.01)


def test_a_triangle_is_narrower_at_one_end():
    rows = (2 * draw(shot(shape("triangle")), 0)[0] - 1).sum(axis=1)
    widths = rows[rows > 2]
    assert (np.diff(widths[2:-2]) > 0).all() or (np.diff(widths[2:-2]) < 0).all()


def test_a_shape_moves_from_its_start_to_its_end():
    moving = shot(shape(start=(0.3, 0), end=(-0.3, 0)))
    found = [centre(draw(moving, time)) for time in (0, 1, 2, 3, 4)]
    expected = (WIDTH - 1) / 2 + HEIGHT * np.linspace(0.3, -0.3, 5)
    assert found == pytest.approx(expected, abs=0.5)


def test_zooming_in_makes_everything_larger_by_as_much_as_the_shot_says():
    zooming = shot(shape(radius=0.1), zoom=np.log(3))
    ratio = area(draw(zooming, 4)) / area(draw(zooming, 0))
    assert ratio == pytest.approx(3**2, rel=0.03)


def test_stripes_vary_in_one_direction_and_checkers_in_two():
    def directions(texture):
        picture = draw(shot(background=textured(texture)), 0)[0] - 0.5
        spectrum = np.abs(np.fft.rfft2(picture[:, :HEIGHT]))
        rows, columns = np.nonzero(spectrum > 0.4 * spectrum.max())
        signed = np.where(rows > HEIGHT // 2, rows - HEIGHT, rows)
        return np.ptp(np.arctan2(signed, columns))

    assert directions("stripes") < 0.3
    assert directions("checkers") > 1.2


def brightness(clip: Clip) -> np.ndarray:
    return np.array([picture.mean() for picture in pictures_of(clip)])


def test_flashing_changes_the_light_from_second_to_second():
    steady, flashing = (
        brightness(Clip((shot(flashing=flashing),), None, seed=0))[::RATE]
        for flashing in (False, True)
    )
    assert np.ptp(steady) < 3
    assert flashing[::2] == pytest.approx(steady[::2], abs=3)
    assert (flashing[1::2] < 0.5 * steady[1::2]).all()


def test_a_cut_changes_the_picture_once_and_nothing_else_does():
    dark, light = shot(seconds=1.5, light=0.5), shot(seconds=1.5, light=1.0)
    found = brightness(Clip((dark, light), None, seed=0))
    assert len(found) == 3 * RATE
    assert (np.abs(np.diff(found)) > 20).nonzero()[0].tolist() == [1.5 * RATE - 1]


def test_pictures_have_grain_that_changes():
    pictures = pictures_of(Clip((shot(),), None, seed=0))
    first, second = (picture.astype(float) for picture in islice(pictures, 2))
    assert np.std(second - first) == pytest.approx(255 * GRAIN * 2**0.5, rel=0.1)
