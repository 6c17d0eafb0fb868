"""Growth as a plot: seconds on the left, megabytes on the right."""

from collections.abc import Mapping, Sequence

import altair as alt
import vl_convert

WIDTH, HEIGHT = 340, 260
COLOURS = ["#4269d0", "#d1495b", "#2a9d6f", "#b07d1a"]
CONFIG = {
    "background": "white",
    "font": "system-ui, sans-serif",
    "view": {"stroke": None},
    "axis": {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"},
    "axisX": {"grid": False, "titleAnchor": "end"},
    "axisY": {"domain": False, "ticks": False, "gridColor": "#e4e4e4", "tickCount": 6}
    | {"titleAngle": 0, "titleAlign": "left", "titleAnchor": "end", "titleX": 0, "titleY": -14},
    "legend": {"orient": "top", "title": None, "labelFontSize": 13, "symbolStrokeWidth": 2.5}
    | {"offset": 14},
}


def draw(rows: Sequence[Mapping]) -> str:
    """rows: with the keys work, times, seconds and megabytes. Returns an SVG file's text."""
    times = alt.Axis(values=sorted({row["times"] for row in rows}), labelExpr="datum.value + '×'")
    x = alt.X("times:Q", title="times the data (log scale)", axis=times)
    x = x.scale(type="log", padding=14, nice=False)
    log = alt.Scale(type="log", padding=10, nice=False)
    seconds = _panel(x, "seconds:Q", "seconds (log scale)", log)
    memory = _panel(x, "megabytes:Q", "megabytes", alt.Scale(zero=True))
    chart = alt.hconcat(seconds, memory, data=alt.InlineData(list(rows)), spacing=50)
    return vl_convert.vegalite_to_svg(chart.to_dict() | {"config": CONFIG}) + "\n"


def _panel(x: alt.X, measure: str, title: str, scale: alt.Scale) -> alt.Chart:
    return (
        alt.Chart(width=WIDTH, height=HEIGHT)
        .mark_line(strokeWidth=2, point={"filled": True, "size": 70})
        .encode(
            x=x,
            y=alt.Y(measure, title=title, scale=scale),
            color=alt.Color("work:N", sort=None, scale=alt.Scale(range=COLOURS)),
        )
    )
