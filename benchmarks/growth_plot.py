"""Growth as a plot: seconds on the left, megabytes on the right."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from yt8m.report.drawing.axes import Panel, Scale, scale_around
from yt8m.report.drawing.svg import element, figure, mark, polyline, text

WIDTH, HEIGHT, GAP = 420, 300, 130
COLOURS = ("#4269d0", "#d1495b", "#2a9d6f", "#b07d1a")
STYLE = """
text { font: 12px system-ui, sans-serif; fill: #555 }
.grid { stroke: #ddd } .axis { stroke: #888 }
.line { fill: none; stroke-width: 2 } .name { stroke: none; fill: inherit }
"""


def draw(rows: Sequence[Mapping]) -> str:
    """rows: with the keys work, times, seconds and megabytes. Returns an SVG file's text."""
    works = list(dict.fromkeys(row["work"] for row in rows))
    seconds = _panel(rows, works, "seconds", "seconds (log scale)", 60, log=True)
    memory = _panel(rows, works, "megabytes", "megabytes", 60 + WIDTH + GAP, log=False)
    width = 2 * WIDTH + 2 * GAP
    picture = figure(
        width, HEIGHT + 60, "Time and memory", element("style", STYLE), *seconds, *memory
    )
    return str(picture).replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1) + "\n"


def _panel(rows, works, word: str, title: str, left: float, log: bool) -> list[Markup]:
    times = [row["times"] for row in rows]
    x = scale_around(times, left, left + WIDTH - 60, log=True)
    values = [row[word] for row in rows]
    y = (
        scale_around(values, HEIGHT, 40, log=True)
        if log
        else Scale(0, 1.1 * max(values), HEIGHT, 40)
    )
    panel = Panel(x, y, lambda v: f"{v:g}×", lambda v: f"{v:g}")
    parts = [panel.draw("times the data (log scale)", title)]
    ends = {r["work"]: y(r[word]) for r in rows if r["times"] == max(times)}
    heights = _apart(ends)
    for colour, work in zip(COLOURS, works, strict=False):
        points = [panel.at(r["times"], r[word]) for r in rows if r["work"] == work]
        drawn = [polyline(points, "line"), *(mark("circle", a, b, 4, "dot") for a, b in points)]
        drawn.append(text(points[-1][0] + 9, heights[work] + 4, work, "name"))
        parts.append(element("g", *drawn, stroke=colour, fill=colour))
    return parts


def _apart(heights: Mapping[str, float], least: float = 14.0) -> dict[str, float]:
    """The same heights, from the top down, each at least `least` pixels below the previous one."""
    found, last = {}, float("-inf")
    for name in sorted(heights, key=heights.__getitem__):
        found[name] = last = max(heights[name], last + least)
    return found
