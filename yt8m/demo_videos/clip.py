"""What is to be seen and heard in a generated clip, and the labels that follow from it."""

from dataclasses import dataclass
from typing import Literal

Texture = Literal["plain", "stripes", "checkers"]
Outline = Literal["circle", "square", "triangle"]
SoundKind = Literal["tone", "siren", "noise", "speech-like"]
Colour = tuple[float, float, float]
"""Red, green, blue in [0, 1]."""

WARM, FLASHING, CUTS, ZOOMING_IN = "warm colours", "flashing", "cuts", "zooming in"

LABELS = (
    *("circle", "square", "stripes", "checkers", WARM),
    *("tone", "siren", "noise", "speech-like"),
    *(FLASHING, CUTS, ZOOMING_IN),
)
"""Told by pictures, by sound, and by how pictures change over time. Triangles, plain backgrounds
and zooming out have no label: they are there to be told apart from these."""


@dataclass(frozen=True)
class Background:
    """A texture in two colours. period: of the texture, in heights of the picture.

    angle: radians. drift: periods per second in which the texture moves.
    """

    texture: Texture
    colours: tuple[Colour, Colour]
    period: float
    angle: float
    drift: float


@dataclass(frozen=True)
class Shape:
    """A filled outline that moves on a straight line.

    start, end: (x, y) of its centre at the two ends of the shot; 0 is the middle of the picture,
        y points down, and the unit is the picture's height, as for `radius`.
    angle, spin: radians, and radians per second.
    """

    outline: Outline
    colour: Colour
    start: tuple[float, float]
    end: tuple[float, float]
    radius: float
    angle: float
    spin: float


@dataclass(frozen=True)
class Shot:
    """Pictures without a cut.

    zoom: natural logarithm of everything's size at the end, relative to that at the start.
    light: share of full brightness. flashing: whether light and dark alternate each second.
    """

    seconds: float
    background: Background
    shapes: tuple[Shape, ...] = ()
    zoom: float = 0.0
    light: float = 1.0
    flashing: bool = False
    is_warm: bool = False


@dataclass(frozen=True)
class Sound:
    """A sound between two moments, in seconds; level: root mean square of 1 is full scale.

    seed: of its details, such as pitch and rhythm.
    """

    kind: SoundKind
    start: float
    end: float
    level: float
    seed: int


@dataclass(frozen=True)
class Clip:
    """Shots one after the other, and sounds. sounds: None for a file without a stream of sound.

    seed: of the grain of pictures and the hiss of sound.
    """

    shots: tuple[Shot, ...]
    sounds: tuple[Sound, ...] | None
    seed: int

    @property
    def seconds(self) -> float:
        """Length."""
        return sum(shot.seconds for shot in self.shots)

    @property
    def labels(self) -> tuple[str, ...]:
        """Which of LABELS apply to the clip, in their order."""
        shots = self.shots
        found = {shape.outline for shot in shots for shape in shot.shapes}
        found |= {shot.background.texture for shot in shots}
        found |= {sound.kind for sound in self.sounds or ()}
        changes = {
            WARM: any(shot.is_warm for shot in shots),
            FLASHING: any(shot.flashing for shot in shots),
            CUTS: len(shots) > 1,
            ZOOMING_IN: any(shot.zoom > 0 for shot in shots),
        }
        found |= {label for label, applies in changes.items() if applies}
        return tuple(label for label in LABELS if label in found)
