"""The figure of the bytes of each ensemble's members."""

from collections.abc import Iterator

import altair as alt
from markupsafe import Markup

from yt8m.report.charts.axes import bytes_axis, exactly, in_order, named
from yt8m.report.charts.embedding import element, inline
from yt8m.report.charts.gap_by_stage import name_axis
from yt8m.report.charts.interaction import choice, faded_unless, zoom
from yt8m.report.charts.limit import budget_line
from yt8m.report.charts.theme import colour, legend, model_scale
from yt8m.report.content import Content, Ensemble
from yt8m.report.number_format import size
from yt8m.report.storage import member_bytes

ROW, ROOM_ABOVE = 40, 24
GRAPH = "the graph"
"""No member has a space in its name."""

SHOWN_BUDGET = 1.5
"""A budget is drawn up to this many times the bytes of the largest ensemble."""

AXIS = bytes_axis("bytes on disk")
PADDING = {"paddingInner": 0.3, "paddingOuter": 0.6}
ROOM = "abs(scale('x', datum.end) - scale('x', datum.start)) - 12"
"""Pixels for a name inside its piece."""


def bytes_bars(content: Content) -> Markup:
    """Each ensemble as a stacked bar of its members, with the final one's budget."""
    others = [e for e in content.ensembles.values() if e is not content.final]
    shown = [content.final, *others]
    rows = [row for ensemble in shown for row in _pieces(ensemble)]
    largest = max(ensemble.size_bytes for ensemble in shown)
    member = choice("member")
    above = legend([row["member"] for row in rows], title_below=False)
    order = [ensemble.name for ensemble in shown]
    place = {
        "x": alt.X("start:Q", axis=AXIS, scale=alt.Scale(nice=False)),
        "x2": "end:Q",
        "y": alt.Y(
            "ensemble:N",
            scale=in_order(order, **PADDING),
            sort=None,
            title=None,
            axis=name_axis(),
        ),
    }
    pieces = (
        alt.Chart(name="pieces")
        .mark_bar(stroke=colour("paper"), strokeWidth=1, cornerRadius=2)
        .encode(
            **place,
            color=alt.Color("member:N", scale=_colours(content, rows), legend=above),
            opacity=faded_unless(member),
            tooltip=[
                named("ensemble", "ensemble"),
                named("member", "part"),
                exactly("bytes", "bytes", ","),
                exactly("share", "share", ".1%"),
            ],
        )
        .add_params(zoom("x"), member)
    )
    names = (
        alt.Chart(name="names")
        .mark_text(
            align="left",
            dx=7,
            color=colour("paper"),
            fontWeight=600,
            limit=alt.ExprRef(expr=f"max({ROOM}, 1)"),
            text=alt.ExprRef(expr=f"{ROOM} > 32 ? datum.member : ''"),
            tooltip=None,
        )
        .encode(x=place["x"], y=place["y"], opacity=faded_unless(member))
    )
    layers = [pieces, names, *_budget(content, largest)]
    chart = alt.layer(*layers, data=inline(rows))
    chart = chart.properties(width="container", height=ROW * len(shown) + ROOM_ABOVE)
    return element(chart, "Bytes of each member of each ensemble")


def _pieces(ensemble: Ensemble) -> Iterator[dict]:
    start = 0
    for name, own in {**member_bytes(ensemble), GRAPH: ensemble.graph_bytes}.items():
        place = {"start": start, "end": start + own}
        share = round(own / ensemble.size_bytes, 4)
        yield {"ensemble": ensemble.name, "member": name, "bytes": own, "share": share, **place}
        start += own


def _colours(content: Content, rows: list[dict]) -> alt.Scale:
    """Colours of models as in other figures; the graph is grey."""
    within = dict.fromkeys(row["member"] for row in rows)
    names = [name for name in {**content.models, **within} if name != GRAPH]
    scale = model_scale(names)
    hues = dict(zip(scale.domain, scale.range, strict=True)) | {GRAPH: colour("faint")}
    shown = [name for name in hues if name in within]
    return alt.Scale(domain=shown, range=[hues[name] for name in shown])


def _budget(content: Content, largest: int) -> list[alt.Chart]:
    budget = content.final.budget_bytes
    if budget is None or budget > SHOWN_BUDGET * largest:
        return []
    left = 2 * budget < largest
    words = f"budget of {content.final.name}: {size(budget)}"
    x = alt.X("bytes:Q", axis=AXIS)
    return budget_line(budget, words, x, 8, 1.5, left, dx=6 if left else -6)
