"""Clips with one thing to see or hear."""

from yt8m.demo_videos.clip import Background, Clip, Shape, Shot, Sound

GREY, BLACK, WHITE = (0.5,) * 3, (0.0,) * 3, (1.0,) * 3
PLAIN = Background("plain", (GREY, GREY), 0.2, 0.0, 0.0)


def shape(outline="circle", **changes) -> Shape:
    settings = {"start": (0, 0), "end": (0, 0), "radius": 0.2, "angle": 0, "spin": 0, **changes}
    return Shape(outline=outline, colour=WHITE, **settings)


def shot(*shapes, seconds=4.0, background=PLAIN, **more) -> Shot:
    return Shot(seconds, background, shapes, **more)


def textured(texture: str) -> Background:
    return Background(texture, (BLACK, WHITE), 0.25, 0.3, 0.0)


def heard(*kinds, seconds=4.0) -> Clip:
    """A plain picture with sounds that last as long as it."""
    sounds = tuple(Sound(kind, 0.0, seconds, 0.1, seed) for seed, kind in enumerate(kinds))
    return Clip((shot(seconds=seconds),), sounds, seed=0)
