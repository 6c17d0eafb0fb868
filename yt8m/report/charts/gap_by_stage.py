"""The figure of GAP by stage: a row per model and per ensemble."""

import altair as alt
from markupsafe import Markup

from yt8m.report.charts.axes import close_scale, exactly, gap_axis, in_order, named
from yt8m.report.charts.embedding import element, inline
from yt8m.report.charts.interaction import choice, faded_unless, zoom
from yt8m.report.charts.theme import colour, graphs_of, legend, look_scales, looks_of
from yt8m.report.content import Content

ROW = 28


def gap_by_stage(content: Content) -> Markup:
    """Each model's marks from trained to quantised on one row, and the ensembles below."""
    rows = [
        {"name": name, "stage": look, "gap": round(content.gap(graph), 5)}
        for name, look, graph in graphs_of(content)
    ]
    names = list(dict.fromkeys(row["name"] for row in rows))
    stage, above = choice("stage"), legend(looks_of(content), title_below=False)
    colours, shapes = look_scales(content)
    y = alt.Y("name:N", scale=in_order(names), sort=None, title=None, axis=name_axis())
    x = alt.X("gap:Q", scale=close_scale(), title=f"GAP on {content.split}", axis=gap_axis(8))
    bonds = (
        alt.Chart(name="bonds")
        .mark_rule(strokeWidth=3, strokeCap="round", opacity=0.4)
        .encode(x=alt.X("min(gap):Q", scale=close_scale()), x2="max(gap):Q", y=y)
    )
    spots = (
        alt.Chart(name="rows")
        .mark_point(size=90)
        .encode(
            x=x,
            y=y,
            color=alt.Color("stage:N", scale=colours, legend=above),
            shape=alt.Shape("stage:N", scale=shapes, legend=above),
            opacity=faded_unless(stage),
            tooltip=[named("name", "graph"), named("stage", "stage"), exactly("gap", "GAP")],
        )
        .add_params(zoom("x"), stage)
    )
    chart = alt.layer(bonds, spots, data=inline(rows))
    chart = chart.properties(width="container", height=ROW * len(names))
    return element(chart, f"GAP on {content.split} of each model from stage to stage")


def name_axis() -> alt.Axis:
    """Names in front of rows, cut where the page is narrow."""
    limit = alt.ExprRef(expr="clamp(containerSize()[0] * 0.3, 90, 220)")
    return alt.Axis(labelLimit=limit, labelColor=colour("ink"), grid=True, labelFontSize=12)
