"""Text stands out from what is behind it, in light and dark (WCAG 2.2, criterion 1.4.3)."""

import re
from importlib.resources import files
from itertools import product

import pytest

STYLE = files("yt8m.report").joinpath("style.css").read_text()
LIGHT, DARK = (
    dict(re.findall(r"--([\w-]+): (#\w{6})", block))
    for block in re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)[:2]
)
TEXT = ("ink", "soft", "link", "best", "gain", "drop")
BEHIND = ("paper", "raised", "tint-final")
BEHIND_GAP = ("tint-bar", "tint-final-bar")
ENOUGH = 4.5
"""Contrast of normal text, level AA."""


def luminance(colour):
    """Relative luminance, 0 to 1, of `#rrggbb`."""
    shares = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_has_the_highest_contrast():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("text", "behind"), [*product(TEXT, BEHIND), *product(("ink", "best"), BEHIND_GAP)]
)
def test_text_can_be_read(scheme, text, behind):
    colours = LIGHT if scheme == "light" else LIGHT | DARK
    assert contrast(colours[text], colours[behind]) >= ENOUGH
