"""Pictures of a generated clip."""

from collections.abc import Iterator

import numpy as np

from yt8m.demo_videos.clip import Background, Clip, Shape, Shot

HEIGHT, WIDTH = 180, 240
RATE = 8
"""Pictures per second."""

DARK = 0.25
"""Share of the light that is left in the dark half of flashing."""

GRAIN = 0.015
"""Standard deviation of the noise of a picture; 1 is white."""

_SHADE = 0.25
"""Share of the light that uneven lighting takes at most."""

_EDGE = 1.5
"""Pixels over which an edge is blended."""


def pictures_of(clip: Clip) -> Iterator[np.ndarray]:
    """All pictures in order: uint8 [HEIGHT, WIDTH, 3], red, green, blue."""
    rng = np.random.default_rng(clip.seed)
    ends = np.cumsum([shot.seconds for shot in clip.shots])
    grain = _grain(rng)
    shade, before = None, -1
    for number in range(round(clip.seconds * RATE)):
        time = number / RATE
        place = min(int(np.searchsorted(ends, time, side="right")), len(ends) - 1)
        shot = clip.shots[place]
        if place != before:
            shade, before = _shade(rng), place
        began = ends[place] - shot.seconds
        light = shade * shot.light * (DARK if shot.flashing and _is_dark(time) else 1)
        picture = draw(shot, time - began) * light
        picture += np.roll(grain, rng.integers([HEIGHT, WIDTH]), axis=(1, 2))
        yield np.ascontiguousarray((picture * 255).clip(0, 255).astype(np.uint8).transpose(1, 2, 0))


def draw(shot: Shot, time: float) -> np.ndarray:
    """A shot in even light, `time` seconds after its start: float32 [3, HEIGHT, WIDTH]."""
    size = np.exp(shot.zoom * (time / shot.seconds - 0.5))
    x, y = _grid() / np.float32(size)
    edge = np.float32(_EDGE / HEIGHT / size)
    picture = _blend(*shot.background.colours, _texture(shot.background, x, y, time, edge))
    for shape in shot.shapes:
        inside = _inside(shape, x, y, time, time / shot.seconds, edge)
        picture += inside * (_column(shape.colour) - picture)
    return picture


def _texture(background: Background, x, y, time: float, edge: np.float32) -> np.ndarray:
    """How much of the second colour each pixel has: float32 [HEIGHT, WIDTH] in [0, 1]."""
    if background.texture == "plain":
        return np.full_like(x, 0.5)
    along, across = _turned(x, y, background.angle)
    wave = 2 * np.pi / background.period
    value = np.sin(wave * along + np.float32(2 * np.pi * background.drift * time))
    if background.texture == "checkers":
        value *= np.sin(wave * across)
    return _smooth(value / (wave * edge))


def _inside(shape: Shape, x, y, time: float, way: float, edge: np.float32) -> np.ndarray:
    """How much of each pixel a shape covers: float32 [HEIGHT, WIDTH] in [0, 1].

    way: share of its way that it has gone.
    """
    start, end = np.float32(shape.start), np.float32(shape.end)
    centre = start + np.float32(way) * (end - start)
    x, y = _turned(x - centre[0], y - centre[1], shape.angle + shape.spin * time)
    if shape.outline == "circle":
        distance = np.hypot(x, y)
    elif shape.outline == "square":
        distance = np.maximum(np.abs(x), np.abs(y)) * np.float32(1.15)
    else:  # the largest distance from the lines of its three sides
        distance = np.maximum(np.abs(x) * np.float32(3**0.5) - y, 2 * y) * np.float32(0.75)
    return _smooth((np.float32(shape.radius) - distance) / edge)


def _turned(x: np.ndarray, y: np.ndarray, angle: float) -> tuple[np.ndarray, np.ndarray]:
    cos, sin = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    return cos * x + sin * y, cos * y - sin * x


def _smooth(value: np.ndarray) -> np.ndarray:
    """0 far below 0, 1 far above it, and a straight line between -0.5 and 0.5."""
    return (value + np.float32(0.5)).clip(0, 1)


def _grid() -> np.ndarray:
    """Each pixel's x and y, in heights from the middle: float32 [2, HEIGHT, WIDTH]."""
    y, x = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    return np.stack([x - np.float32((WIDTH - 1) / 2), y - np.float32((HEIGHT - 1) / 2)]) / HEIGHT


def _blend(first, second, share: np.ndarray) -> np.ndarray:
    return _column(first) + share * (_column(second) - _column(first))


def _column(colour) -> np.ndarray:
    return np.float32(colour)[:, None, None]


def _is_dark(time: float) -> bool:
    """Whether a flashing light is off; it changes halfway between whole seconds."""
    return int(time + 0.5) % 2 == 1


def _shade(rng: np.random.Generator) -> np.ndarray:
    """Uneven light, with a few wide spots: float32 [HEIGHT, WIDTH]."""
    x, y = _grid()
    waves = [
        np.sin(np.float32(a) * x + np.float32(b) * y + np.float32(c))
        for a, b, c in rng.uniform([-6, -6, 0], [6, 6, 2 * np.pi], (3, 3))
    ]
    return np.float32(1 - _SHADE / 2) + np.float32(_SHADE / 6) * sum(waves)


def _grain(rng: np.random.Generator) -> np.ndarray:
    return np.float32(GRAIN) * rng.standard_normal((1, HEIGHT, WIDTH), np.float32)
