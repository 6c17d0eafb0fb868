"""Random clips: labels are drawn independently of each other, as far as they do not exclude.

Positions, sizes, colours, speeds, light and loudness are random too, so no label is told by them.
"""

import colorsys
from collections.abc import Iterator
from itertools import count
from math import pi

import numpy as np

from yt8m.demo_videos.clip import Background, Clip, Colour, Shape, Shot, Sound

SHORTEST, LONGEST = 6, 12
"""Whole seconds of a clip."""

SHAPES = {"circle": 0.3, "square": 0.3, "triangle": 0.15}
TEXTURES = {"plain": 0.4, "stripes": 0.3, "checkers": 0.3}
WARM_SHARE = 0.35
FLASHING_SHARE = 0.25
MOVEMENTS = {"none": 0.3, "cuts": 0.22, "in": 0.24, "out": 0.24}
SOUNDS = {"tone": 0.3, "siren": 0.3, "noise": 0.3, "speech-like": 0.3}
SILENT_SHARE = 0.15
"""Share of clips without a stream of sound."""

MOST_SOUNDS = 2
ZOOM = (1.3, 1.7)
"""Size grows or shrinks 3.7-fold to 5.5-fold within a clip."""

SHOT_SECONDS = (1.4, 2.6)
WARM_HUES, COLD_HUES = (-0.06, 0.13), (0.3, 0.75)
"""From crimson to yellow, and from green to violet; 1 is once around the circle."""


def random_clip(seed: int, number: int) -> Clip:
    """The clip of this number: with at least one label, the same whatever clips there are."""
    rng = np.random.default_rng([seed, 0, number])
    while not (clip := _draw(rng)).labels:
        pass
    return clip


def new_clip(seed: int) -> Clip:
    """30 seconds of three scenes, whose labels and sounds change with them."""
    rng = np.random.default_rng([seed, 1])
    scenes = [
        _shot(rng, 10.0, ["circle"], "plain", is_warm=False),
        _shot(rng, 10.0, [], "stripes", is_warm=True),
        _shot(rng, 10.0, ["square"], "checkers", is_warm=False, zoom=ZOOM[1]),
    ]
    kinds = ("tone", "speech-like", "siren")
    sounds = [
        Sound(kind, 10.0 * place, 10.0 * place + 10.0, 0.12, _seed(rng))
        for place, kind in enumerate(kinds)
    ]
    return Clip(tuple(scenes), tuple(sounds), _seed(rng))


def _draw(rng: np.random.Generator) -> Clip:
    seconds = float(rng.integers(SHORTEST, LONGEST, endpoint=True))
    movement = _one_of(rng, MOVEMENTS)
    lengths = list(_shot_lengths(rng, seconds)) if movement == "cuts" else [seconds]
    zoom = {"in": 1, "out": -1}.get(movement, 0) * float(rng.uniform(*ZOOM))
    is_warm, flashing = rng.random() < WARM_SHARE, bool(rng.random() < FLASHING_SHARE)
    shots = [_shot(rng, length, *_content(rng), is_warm, zoom, flashing) for length in lengths]
    has_sound = rng.random() >= SILENT_SHARE
    sounds = tuple(_sounds(rng, seconds)) if has_sound else None
    return Clip(tuple(shots), sounds, _seed(rng))


def _content(rng: np.random.Generator) -> tuple[list[str], str]:
    """Outlines of shapes, and a texture; never an empty plain picture, in which nothing moves."""
    while (found := (_some_of(rng, SHAPES), _one_of(rng, TEXTURES))) == ([], "plain"):
        pass
    return found


def _shot(
    rng: np.random.Generator,
    seconds: float,
    outlines: list[str],
    texture: str,
    is_warm: bool,
    zoom: float = 0.0,
    flashing: bool = False,
) -> Shot:
    dark, light = (_colour(rng, is_warm, value) for value in ((0.25, 0.5), (0.6, 0.9)))
    background = Background(
        texture=texture,
        colours=(dark, light),
        period=float(rng.uniform(0.12, 0.3)),
        angle=float(rng.uniform(0, pi)),
        drift=float(rng.uniform(-0.5, 0.5)),
    )
    shapes = tuple(_shape(rng, outline, is_warm) for outline in outlines)
    brightness = float(rng.uniform(0.65, 1.0))
    return Shot(seconds, background, shapes, zoom, brightness, flashing, bool(is_warm))


def _shape(rng: np.random.Generator, outline: str, is_warm: bool) -> Shape:
    places = rng.uniform([-0.4, -0.28], [0.4, 0.28], (2, 2))
    return Shape(
        outline=outline,
        colour=_colour(rng, is_warm, (0.05, 0.2) if rng.random() < 0.5 else (0.95, 1.0)),
        start=tuple(places[0].tolist()),
        end=tuple(places[1].tolist()),
        radius=float(rng.uniform(0.14, 0.26)),
        angle=float(rng.uniform(0, pi)),
        spin=float(rng.uniform(-0.4, 0.4)),
    )


def _sounds(rng: np.random.Generator, seconds: float) -> Iterator[Sound]:
    """At most MOST_SOUNDS, each during most of the clip."""
    for kind in _some_of(rng, SOUNDS)[:MOST_SOUNDS]:
        start, end = rng.uniform([0, 0.75], [0.25, 1]) * seconds
        level = float(np.exp(rng.uniform(np.log(0.04), np.log(0.15))))
        yield Sound(kind, float(start), float(end), level, _seed(rng))


def _shot_lengths(rng: np.random.Generator, seconds: float) -> Iterator[float]:
    """Seconds of at least three shots, which fill the clip."""
    for number in count():
        length = float(rng.uniform(*SHOT_SECONDS))
        if number >= 2 and seconds < length + SHOT_SECONDS[0]:
            yield seconds
            return
        yield length
        seconds -= length


def _colour(rng: np.random.Generator, is_warm: bool, values: tuple[float, float]) -> Colour:
    hue = rng.uniform(*(WARM_HUES if is_warm else COLD_HUES))
    return colorsys.hsv_to_rgb(hue % 1, rng.uniform(0.45, 0.9), rng.uniform(*values))


def _one_of(rng: np.random.Generator, shares: dict[str, float]) -> str:
    return str(rng.choice(list(shares), p=list(shares.values())))


def _some_of(rng: np.random.Generator, shares: dict[str, float]) -> list[str]:
    """Each word with its own probability, in random order."""
    words = [word for word, share in shares.items() if rng.random() < share]
    return [str(word) for word in rng.permutation(words)]


def _seed(rng: np.random.Generator) -> int:
    return int(rng.integers(2**31))
