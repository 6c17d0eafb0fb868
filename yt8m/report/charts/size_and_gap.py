"""The figure of GAP over bytes, the trade-off of the whole experiment."""

import altair as alt
from markupsafe import Markup

from yt8m.report.charts.axes import bytes_axis, close_scale, exactly, log_scale, named
from yt8m.report.charts.embedding import element, inline
from yt8m.report.charts.interaction import choice, faded_unless, zoom
from yt8m.report.charts.limit import budget_line
from yt8m.report.charts.theme import colour, graphs_of, legend, look_scales, looks_of
from yt8m.report.content import Content
from yt8m.report.number_format import size
from yt8m.workflow.layout import FITTED, STAGES

HEIGHT = 400
SHOWN_BUDGET = 2.0
"""A budget is drawn if it is at most this many times above the largest graph or below the least."""


def size_against_gap(content: Content) -> Markup:
    """Every graph by its bytes (log) and GAP, with a line through a model's stages."""
    stage = choice("stage")
    colours, shapes = look_scales(content)
    place = {
        "x": alt.X("bytes:Q", scale=log_scale(), axis=bytes_axis()),
        "y": alt.Y("gap:Q", scale=close_scale(), title=f"GAP on {content.split}"),
    }
    threads = (
        alt.Chart(name="threads")
        .mark_line(color=colour("faint"), strokeWidth=1, opacity=0.7)
        .encode(**place, detail="thread:N", order="order:Q")
        .transform_filter("datum.thread")
    )
    spots = (
        alt.Chart(name="spots")
        .mark_point()
        .encode(
            **place,
            color=alt.Color("stage:N", scale=colours, legend=legend(looks_of(content))),
            shape=alt.Shape("stage:N", scale=shapes, legend=legend(looks_of(content))),
            opacity=faded_unless(stage),
            tooltip=[
                named("name", "graph"),
                named("stage", "stage"),
                exactly("gap", "GAP"),
                exactly("bytes", "bytes", ","),
            ],
        )
        .add_params(zoom(), stage)
    )
    layers = [*_budget(content), threads, spots]
    chart = alt.layer(*layers, data=inline(_rows(content))).properties(
        width="container", height=HEIGHT
    )
    return element(chart, f"Bytes on disk against GAP on {content.split}, for every graph")


def _rows(content: Content) -> list[dict]:
    """A row per graph; ensembles and the last stage of a model have a label."""
    return [
        {
            "name": name,
            "stage": look,
            "bytes": graph.size_bytes,
            "gap": round(content.gap(graph), 5),
            "label": "" if look in FITTED else name,
            "thread": name if look in STAGES else "",
            "order": order,
        }
        for order, (name, look, graph) in enumerate(graphs_of(content))
    ]


def _budget(content: Content) -> list[alt.Chart]:
    """A line at the budget, unless it is far from all graphs."""
    budget = content.final.budget_bytes
    sizes = [graph.size_bytes for _, _, graph in graphs_of(content)]
    if not budget or not min(sizes) / SHOWN_BUDGET <= budget <= SHOWN_BUDGET * max(sizes):
        return []
    left = budget**2 < min(sizes) * max(sizes)
    x = alt.X("bytes:Q", scale=log_scale(), axis=bytes_axis())
    return budget_line(budget, f"budget {size(budget)}", x, -8, 1.25, left, clip=False)
