"""Colours and shapes of all figures.

Colours are the page's CSS variables, so that figures follow light and dark mode, and paper.
"""

from collections.abc import Iterable

import altair as alt

from yt8m.report.content import Content, Graph
from yt8m.workflow.layout import STAGES

LONGEST = 180
"""Pixels of the longest name in a legend."""

HUES = 10
"""Colours of models; darker ones follow, then they repeat."""

LOOKS = {
    "trained": ("trained", "circle"),
    "ema": ("ema", "square"),
    "quantised": ("quantised", "triangle-up"),
    "ensemble": ("group", "diamond"),
    "final": ("final", "diamond"),
}
"""Look of a graph -> colour and shape, so that colour is never the only distinction."""


def colour(name: str) -> str:
    """The page's colour of this name."""
    return f"var(--{name})"


CONFIG = {
    "background": colour("paper"),
    "padding": {"left": 2, "right": 6, "top": 4, "bottom": 2},
    "view": {"stroke": None},
    "axis": {
        "domainColor": colour("faint"),
        "gridColor": colour("grid"),
        "labelColor": colour("soft"),
        "labelFontSize": 11.5,
        "tickColor": colour("faint"),
        "titleColor": colour("soft"),
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "titlePadding": 8,
        "labelOverlap": "greedy",
        "labelSeparation": 8,
    },
    "axisX": {"grid": False, "titleAnchor": "end"},
    "axisY": {
        "domain": False,
        "ticks": False,
        "labelPadding": 6,
        "titleAngle": 0,
        "titleAnchor": "end",
        "titleAlign": "left",
        "titleBaseline": "bottom",
        "titleX": 0,
        "titleY": -10,
    },
    "legend": {
        "orient": "top",
        "direction": "horizontal",
        "title": None,
        "labelColor": colour("ink"),
        "labelFontSize": 12,
        "labelLimit": LONGEST,
        "symbolSize": 90,
        "symbolStrokeWidth": 2.5,
        "columnPadding": 16,
        "rowPadding": 4,
        "layout": {"top": {"direction": "vertical", "anchor": "start", "margin": 5}},
    },
    "line": {"strokeWidth": 2, "strokeJoin": "round", "strokeCap": "round"},
    "point": {"filled": True, "size": 80, "opacity": 1},
    "text": {"color": colour("ink"), "fontSize": 12},
    "rule": {"color": colour("faint")},
}
"""Vega-Lite's settings of all figures; the page has them once, and adds its font."""


def looks_of(content: Content) -> list[str]:
    """The looks that occur, in order."""
    others = ["ensemble"] if len(content.ensembles) > 1 else []
    return [*STAGES, *others, "final"]


def graphs_of(content: Content) -> Iterable[tuple[str, str, Graph]]:
    """Name, look and graph of each stage of each model, and of each ensemble."""
    for model in content.models.values():
        for stage, graph in model.stages.items():
            yield model.name, stage, graph
    for ensemble in content.ensembles.values():
        final = ensemble.name == content.final.name
        yield ensemble.name, "final" if final else "ensemble", ensemble


def look_scales(content: Content) -> tuple[alt.Scale, alt.Scale]:
    """Scales of colour and of shape by look."""
    looks = looks_of(content)
    colours = [colour(LOOKS[look][0]) for look in looks]
    shapes = [LOOKS[look][1] for look in looks]
    return alt.Scale(domain=looks, range=colours), alt.Scale(domain=looks, range=shapes)


def legend(names: Iterable[str], title_below: bool = True) -> alt.Legend:
    """A legend above the figure, in as many columns as there is room for.

    title_below: whether the vertical axis has its title between the legend and the marks.
    """
    letters = max(len(name) for name in names)
    column = min(6.2 * letters, LONGEST) + 34  # ASSUME pixels of a letter, in any sans-serif font
    columns = alt.ExprRef(expr=f"max(1, floor((containerSize()[0] - 35) / {column:g}))")
    return alt.Legend(columns=columns, offset=30 if title_below else 8)


def model_scale(names: Iterable[str]) -> alt.Scale:
    """Colours by model, in the order of `names`."""
    names = list(names)
    return alt.Scale(domain=names, range=[_hue(place) for place in range(len(names))])


def _hue(place: int) -> str:
    hue = colour(f"hue-{place % HUES}")
    return hue if place // HUES % 2 == 0 else f"color-mix(in srgb, {hue} 50%, {colour('ink')})"
