"""The SVG elements of the figures.

Colours and fonts are CSS classes of the page, so figures follow light and dark mode.
"""

from markupsafe import Markup, escape

CHARACTER = 0.6
"""Width of an average character of the page's font, in font sizes; ASSUME any sans-serif font."""


def element(tag: str, *content: str, **attributes: object) -> Markup:
    """One element. Plain strings are escaped; `class_` is class, `stroke_width` stroke-width."""
    words = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(_value(value))}"'
        for name, value in attributes.items()
        if value is not None
    )
    inside = Markup("").join(content)
    return Markup(f"<{tag}{words}>{inside}</{tag}>" if inside else f"<{tag}{words}/>")


def figure(width: float, height: float, label: str, *content: str) -> Markup:
    """A whole figure in units of CSS pixels; `label` describes it."""
    return element(
        "svg",
        *content,
        viewBox=f"0 0 {_value(width)} {_value(height)}",
        width=width,
        height=height,
        role="img",
        aria_label=label,
    )


def group(*content: str, note: str = "", class_: str | None = None) -> Markup:
    """A group of elements; `note` is its tooltip."""
    title = [element("title", note)] if note else []
    return element("g", *title, *content, class_=class_)


def text(
    x: float, y: float, words: str, class_: str | None = None, anchor: str | None = None
) -> Markup:
    """Text on the baseline y. anchor: start, middle or end."""
    return element("text", words, x=x, y=y, class_=class_, text_anchor=anchor)


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> Markup:
    """A straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_)


def rect(
    x: float, y: float, width: float, height: float, class_: str, radius: float | None = None
) -> Markup:
    """A rectangle with corners of `radius`."""
    return element("rect", x=x, y=y, width=width, height=height, rx=radius, class_=class_)


def polyline(points: list[tuple[float, float]], class_: str) -> Markup:
    """A line through points."""
    steps = "L".join(f"{_value(x)} {_value(y)}" for x, y in points)
    return element("path", d=f"M{steps}", class_=class_)


def dots(points: list[tuple[float, float]], class_: str) -> Markup:
    """Many dots as one short path: strokes of zero length with round caps."""
    return element(
        "path", d="".join(f"M{_value(x)} {_value(y)}h0" for x, y in points), class_=class_
    )


def curve(x1: float, y1: float, x2: float, y2: float) -> str:
    """A path from left to right that is horizontal at both ends."""
    middle = (x1 + x2) / 2
    a, b = f"{_value(middle)} {_value(y1)}", f"{_value(middle)} {_value(y2)}"
    return f"M{_value(x1)} {_value(y1)}C{a} {b} {_value(x2)} {_value(y2)}"


def mark(shape: str, x: float, y: float, radius: float, class_: str) -> Markup:
    """A mark: circle, square or diamond, of about the same area."""
    if shape == "circle":
        return element("circle", cx=x, cy=y, r=radius, class_=class_)
    if shape == "square":
        side = 0.9 * radius
        return rect(x - side, y - side, 2 * side, 2 * side, class_, radius=1)
    r = 1.3 * radius
    corners = [(x, y - r), (x + r, y), (x, y + r), (x - r, y)]
    points = " ".join(f"{_value(a)},{_value(b)}" for a, b in corners)
    return element("polygon", points=points, class_=class_)


def text_width(words: str, font_size: float) -> float:
    """Estimated width of a text, without the font's metrics."""
    return CHARACTER * font_size * len(words)


def shortened(words: str, width: float, font_size: float) -> str:
    """The text, truncated if it would be wider than `width`."""
    room = int(width / (CHARACTER * font_size) + 1e-6)  # with a tolerance for rounding
    return words if len(words) <= room else words[: max(room - 1, 1)] + "…"


def _value(value: object) -> str:
    """Coordinates to a tenth of a pixel."""
    return f"{round(value, 1) + 0.0:g}" if isinstance(value, float) else str(value)
