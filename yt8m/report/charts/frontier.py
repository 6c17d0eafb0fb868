"""The figure of models at all sizes: GAP over bytes, and the line that nothing beats."""

from collections.abc import Sequence

import altair as alt
from markupsafe import Markup

from yt8m.frontier.dominance import non_dominated
from yt8m.frontier.rows import Row
from yt8m.report.charts.axes import bytes_axis, close_scale, exactly, gap_axis, log_scale, named
from yt8m.report.charts.embedding import element, inline
from yt8m.report.charts.interaction import choice, faded_unless, zoom
from yt8m.report.charts.theme import colour, legend, model_scale

HEIGHT = 400
MOST = 1000
"""Most points besides the line: those with the highest GAP."""


def frontier_figure(rows: Sequence[Row], split: str) -> Markup:
    """Every model in every encoding, coloured by family; empty if nothing was measured."""
    if not rows:
        return Markup("")
    family = choice("family")
    families = sorted({row.family for row in rows})
    place = {
        "x": alt.X("bytes:Q", scale=log_scale(), axis=bytes_axis()),
        "y": alt.Y("gap:Q", scale=close_scale(), title=f"GAP on {split}", axis=gap_axis(6)),
    }
    line = (
        alt.Chart(inline([_datum(row) for row in non_dominated(rows)]), name="frontier")
        .mark_line(color=colour("faint"), interpolate="step-after")
        .encode(**place)
    )
    points = (
        alt.Chart(inline([_datum(row) for row in shown(rows)]), name="points")
        .mark_point(size=50)
        .encode(
            **place,
            color=alt.Color("family:N", scale=model_scale(families), legend=legend(families)),
            opacity=faded_unless(family),
            tooltip=[
                named("model", "model"),
                named("stored", "stored as"),
                exactly("bytes", "bytes", ","),
                exactly("gap", "GAP"),
                named("deviation", "deviation"),
                exactly("seeds", "seeds", "d"),
            ],
        )
        .add_params(zoom(), family)
    )
    chart = alt.layer(line, points).properties(width="container", height=HEIGHT)
    return element(chart, f"Bytes on disk against GAP on {split}, for models in all encodings")


def shown(rows: Sequence[Row]) -> list[Row]:
    """The rows that are drawn: the frontier, and at most `MOST` others."""
    best = non_dominated(rows)
    others = sorted((row for row in rows if row not in best), key=lambda row: -row.gap)
    return [*best, *others[:MOST]]


def _datum(row: Row) -> dict:
    deviation = "" if row.deviation is None else f"{row.deviation:.4f}"
    numbers = {"bytes": row.size_bytes, "gap": round(row.gap, 5), "seeds": row.seeds}
    names = {"model": row.model, "family": row.family, "stored": row.encoding}
    return {**names, **numbers, "deviation": deviation}
