"""Formatting of numbers on the page, with units and visible signs."""

from yt8m.metrics.intervals import Interval
from yt8m.printable import counted

MINUS = "\N{MINUS SIGN}"
SPACE = "\N{NO-BREAK SPACE}"
UNITS = ("bytes", "kB", "MB", "GB", "TB")


def metric(value: float | None) -> str:
    """A metric such as GAP, with four decimals; a dash for None."""
    return "–" if value is None else f"{value:.4f}"


def interval_text(found: Interval) -> str:
    """The limits of a metric: [0.7204, 0.7410]."""
    return f"[{metric(found.low)}, {metric(found.high)}]"


def signed(value: float) -> str:
    """A difference of two metrics: +0.0041, a real minus sign, or ±0.0000 if it rounds to 0."""
    text = f"{abs(value):.4f}"
    if float(text) == 0:
        return f"±{text}"
    return f"{'+' if value > 0 else MINUS}{text}"


def count(value: int) -> str:
    """A whole number with thousands separators."""
    return f"{value:,}"


def size(value: float) -> str:
    """Bytes with three significant digits and a decimal unit: 12.3 MB."""
    power = 0
    while value >= 999.5 and power < len(UNITS) - 1:
        value, power = value / 1000, power + 1
    digits = 0 if power == 0 or value >= 99.95 else 1 if value >= 9.995 else 2
    return f"{value:.{digits}f}{SPACE}{UNITS[power]}"


def percent(share: float) -> str:
    """A ratio as a percentage: one decimal from 90 % to 110 %, and under 1 %."""
    value = 100 * share
    digits = 1 if 90 <= value < 110 or value < 1 else 0
    return f"{value:.{digits}f}{SPACE}%"


def several(number: int, noun: str) -> str:
    """`1 model`, `3 models`, `2 classes`."""
    return counted(number, noun, SPACE)


def listed(words: list[str]) -> str:
    """`a, b and c`."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
