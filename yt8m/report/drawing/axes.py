"""Scales from data to pixels, their ticks, and the axes of a panel."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from markupsafe import Markup

from yt8m.report.drawing.svg import line, text, text_width


@dataclass(frozen=True)
class Scale:
    """Values from low to high, drawn from pixel `start` to pixel `end`."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def __call__(self, value: float) -> float:
        """The pixel of a value."""
        low, high, at = self.low, self.high, value
        if self.log:
            low, high, at = math.log(low), math.log(high), math.log(at)
        return self.start + (self.end - self.start) * (at - low) / (high - low)

    def ticks(self, number: int = 5) -> list[float]:
        """About this many round values within the scale."""
        found = _log_ticks(self, number) if self.log else _even_ticks(self, number)
        return [tick for tick in found if self.low <= tick <= self.high]


def scale_around(
    values: Iterable[float], start: float, end: float, margin: float = 0.06, log: bool = False
) -> Scale:
    """A scale that contains all values with some margin at both ends."""
    found = list(values)
    low, high = min(found), max(found)
    if log:
        room = max((high / low) ** margin, 1.05)
        return Scale(low / room, high * room, start, end, log=True)
    room = margin * (high - low) or max(abs(high) * margin, 1e-3)
    return Scale(low - room, high + room, start, end)


@dataclass(frozen=True)
class Panel:
    """Two scales, and how their values are formatted."""

    x: Scale
    y: Scale
    x_text: Callable[[float], str]
    y_text: Callable[[float], str]

    def draw(self, x_title: str, y_title: str, x_ticks: int = 6, y_ticks: int = 5) -> Markup:
        """Grid lines, ticks and titles: x below, y above the upper left corner."""
        left, right = self.x.start, self.x.end
        bottom, top = self.y.start, self.y.end
        parts = []
        for y, words in _apart(self.y, self.y_text, y_ticks, upright=True):
            parts.append(line(left, y, right, y, "grid"))
            parts.append(text(left - 8, y + 4, words, "tick", "end"))
        for x, words in _apart(self.x, self.x_text, x_ticks, upright=False):
            parts.append(line(x, bottom, x, bottom + 5, "axis"))
            parts.append(text(x, bottom + 18, words, "tick", "middle"))
        parts.append(line(left, bottom, right, bottom, "axis"))
        if x_title:
            parts.append(text(right, bottom + 36, x_title, "axis-title", "end"))
        if y_title:
            parts.append(text(left, top - 10, y_title, "axis-title", "start"))
        return Markup("").join(parts)

    def at(self, x: float, y: float) -> tuple[float, float]:
        """The pixels of a point."""
        return self.x(x), self.y(y)


def tick_text(scale: Scale, number: int = 5) -> Callable[[float], str]:
    """Format of ticks with enough decimals to tell them apart, the same for all."""
    ticks = scale.ticks(number)
    step = ticks[1] - ticks[0] if len(ticks) > 1 else 1.0
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    return lambda value: f"{value:.{decimals}f}"


def _apart(
    scale: Scale, spelt: Callable[[float], str], number: int, upright: bool
) -> list[tuple[float, str]]:
    """Pixel and text of the ticks whose text does not overlap that of earlier ones."""
    kept: list[tuple[float, str]] = []
    for value in scale.ticks(number) if number else []:
        at, words = scale(value), spelt(value)
        if kept:
            before, other = kept[-1]
            room = 13.0 if upright else 8 + (text_width(words, 11) + text_width(other, 11)) / 2
            if abs(at - before) < room:
                continue
        kept.append((at, words))
    return kept


def _even_ticks(scale: Scale, number: int) -> list[float]:
    rough = (scale.high - scale.low) / max(number, 1)
    power = 10 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= 0.75 * rough)
    first = math.ceil(scale.low / step - 1e-9)
    last = math.floor(scale.high / step + 1e-9)
    return [round(n * step, 12) for n in range(first, last + 1)]


def _log_ticks(scale: Scale, number: int) -> list[float]:
    """Powers of ten, and multiples between them if there are too few."""
    powers = range(math.floor(math.log10(scale.low)), math.ceil(math.log10(scale.high)) + 1)
    for digits in ((1,), (1, 3), (1, 2, 5), (1, 1.5, 2, 3, 4, 5, 7)):
        ticks = [d * 10.0**p for p in powers for d in digits]
        within = [tick for tick in ticks if scale.low <= tick <= scale.high]
        if len(within) >= min(number, 4):
            break
    return within[:: math.ceil(len(within) / (2 * number)) or 1]
