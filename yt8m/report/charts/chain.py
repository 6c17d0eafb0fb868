"""The figure of what was made from what."""

from collections.abc import Iterator, Mapping, Sequence

import altair as alt
from markupsafe import Markup

from yt8m.report.charts.axes import named
from yt8m.report.charts.dependencies import HEADINGS, Node, nodes_and_edges
from yt8m.report.charts.embedding import element, inline
from yt8m.report.charts.layout import Layout, layered
from yt8m.report.charts.theme import colour
from yt8m.report.content import Content

BOX, INSET, ACROSS, DOWN, TOP = 44.0, 10.0, 38.0, 12.0, 40.0
LETTERS = {"title": 8.0, "line": 6.4, "rules": 6.8}
"""ASSUME pixels of a letter in each line of text, with any sans-serif font."""

NARROWEST, WIDEST = 92.0, 190.0
FILLS = {"student": "tint-student", "teacher": "tint-group", "final": "tint-final"}
FILLS = {sort: FILLS.get(sort, "tint-base") for sort in HEADINGS}
STROKES = {sort: {"teacher": "group", "final": "final"}.get(sort, "line") for sort in HEADINGS}


def chain(content: Content) -> Markup:
    """Boxes in columns from left to right; pointing at one marks its edges."""
    nodes, edges = nodes_and_edges(content)
    widths = _widths(nodes)
    sizes = {name: (widths[node.sort], BOX) for name, node in nodes.items()}
    layout = layered(sizes, edges, ACROSS, DOWN)
    x = alt.Scale(domain=[0, layout.width + 2], nice=False)
    y = alt.Scale(domain=[0, layout.height + TOP + 2], nice=False, reverse=True)
    axes = {"x": alt.X("x:Q", scale=x, axis=None), "y": alt.Y("y:Q", scale=y, axis=None)}
    boxes = inline(list(_boxes(nodes, layout, widths)))
    headings = inline(list(_headings(nodes, layout, widths)))
    layers = [
        _edges(layout, axes),
        _rectangles(boxes, axes),
        _line(boxes, axes, "title", 18.0, fontSize=13, fontWeight=600),
        _line(boxes, axes, "line", 34.0, fontSize=11, color=colour("soft")),
        _line(headings, axes, "heading", 10.0, fontSize=11.5, color=colour("soft")),
        _line(headings, axes, "rules", 26.0, fontSize=11, color=colour("faint")),
    ]
    height = round(layout.height + TOP + 2)
    chart = alt.layer(*layers).properties(width="container", height=height)
    words = "What was made from what: " + ", ".join(node.title for node in nodes.values())
    return element(chart, words, "wide")


def _widths(nodes: Mapping[str, Node]) -> dict[str, float]:
    """Boxes of one sort have the width of the widest one."""
    found: dict[str, float] = {}
    for node in nodes.values():
        inside = max(LETTERS["title"] * len(node.title), LETTERS["line"] * len(node.line))
        above = LETTERS["rules"] * len(_made(node)) - ACROSS
        width = min(max(inside + 2 * INSET, above + INSET, NARROWEST), WIDEST)
        found[node.sort] = max(width, found.get(node.sort, 0.0))
    return found


def _made(node: Node) -> str:
    return " → ".join(node.rules)


def _boxes(
    nodes: Mapping[str, Node], layout: Layout, widths: Mapping[str, float]
) -> Iterator[dict]:
    for name, node in nodes.items():
        left, top = layout.places[name]
        yield {
            "node": name,
            "title": node.title,
            "line": node.line,
            "sort": node.sort,
            "made": _made(node),
            "x": round(left + 1, 1),
            "right": round(left + 1 + widths[node.sort], 1),
            "y": round(top + TOP, 1),
            "bottom": round(top + TOP + BOX, 1),
        }


def _headings(
    nodes: Mapping[str, Node], layout: Layout, widths: Mapping[str, float]
) -> Iterator[dict]:
    """Above each column, the sort of its first box, and the rules that make it."""
    first: dict[int, str] = {}
    for name, (left, _) in layout.places.items():
        first.setdefault(round(left + widths[nodes[name].sort] / 2), name)
    for name in first.values():
        node, left = nodes[name], layout.places[name][0]
        room = {"x": round(left + 1, 1), "right": round(left + widths[node.sort] + ACROSS, 1)}
        words = {"heading": HEADINGS[node.sort], "rules": _made(node)}
        yield {**words, **room, "y": 0}


def _rectangles(boxes: alt.InlineData, axes: Mapping) -> alt.Chart:
    def by_sort(colours: Mapping[str, str]) -> alt.Scale:
        return alt.Scale(domain=list(colours), range=[colour(name) for name in colours.values()])

    pointed = alt.selection_point(
        name="pointed", fields=["node"], on="pointerover", clear="pointerout", empty=False
    )
    return (
        alt.Chart(boxes, name="boxes")
        .mark_rect(cornerRadius=6)
        .encode(
            **axes,
            x2="right:Q",
            y2="bottom:Q",
            fill=alt.Fill("sort:N", scale=by_sort(FILLS), legend=None),
            stroke=alt.Stroke("sort:N", scale=by_sort(STROKES), legend=None),
            tooltip=[named("title", "name"), named("line", "what"), named("made", "made by")],
        )
        .add_params(pointed)
    )


def _line(
    data: alt.InlineData, axes: Mapping, field: str, down: float, **style: object
) -> alt.Chart:
    """A line of text, `down` pixels below the top and cut at the right edge."""
    inset = INSET if field in ("title", "line") else 0.0
    room = f"scale('x', datum.right) - scale('x', datum.x) - {inset + 4:g}"
    within = alt.ExprRef(expr=room)
    mark = {"align": "left", "baseline": "alphabetic", "dx": inset, "dy": down, "limit": within}
    return (
        alt.Chart(data, name=f"{field}_words")
        .mark_text(**mark, **style, tooltip=None)
        .encode(**axes, text=f"{field}:N")
    )


def _edges(layout: Layout, axes: Mapping) -> alt.Chart:
    """Curves between layers, horizontal across a layer and at both ends."""
    rows = [
        {"from": start, "to": end, "step": step, "x": round(x, 1), "y": round(y, 1)}
        for (start, end), route in layout.routes.items()
        for step, (x, y) in enumerate(_bends(route))
    ]
    ends = "pointed.node && (pointed.node[0] === datum.from || pointed.node[0] === datum.to)"
    return (
        alt.Chart(inline(rows), name="edges")
        .mark_line(interpolate="basis", strokeWidth=1.2)
        .encode(
            **axes,
            detail=["from:N", "to:N"],
            order="step:Q",
            color=alt.when(ends)
            .then(alt.value(colour("final")))
            .otherwise(alt.value(colour("faint"))),
        )
    )


def _bends(route: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """Control points of a spline: between layers, it leaves and arrives horizontally."""
    for (x1, y1), (x2, y2) in zip(route[::2], route[1::2], strict=True):
        middle = (x1 + x2) / 2
        for x, y in ((x1, y1), (middle, y1), (middle, y2), (x2, y2)):
            yield x + 1, y + TOP
