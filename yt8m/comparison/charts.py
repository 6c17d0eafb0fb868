"""Figures of GAP against one thing: a setting, bytes, or training time.

They share the rows of the page, whose keys are those of `shown.data_of`.
"""

import altair as alt
from markupsafe import Markup

from yt8m.comparison.effects import Effect
from yt8m.comparison.shown import Setting, spans_decades, value_text
from yt8m.report.charts.axes import bytes_axis, close_scale, exactly, in_order, named
from yt8m.report.charts.embedding import element, inline
from yt8m.report.charts.interaction import zoom
from yt8m.report.charts.theme import colour

ROWS = "comparison-rows"
"""The id of the script element with the rows."""

HEIGHT = 260
MOST_WHISKERS = 60
"""With more rows, intervals would cover each other."""

MOST_VALUES = 20
"""With more values, text has no room on an axis."""


def setting_against_gap(
    setting: Setting, effect: Effect | None, rows: int, split: str
) -> Markup | None:
    """A dot per row that has the setting, and the mean of each value where those are comparable.

    None for text with too many different values.
    """
    values = list(dict.fromkeys(map(_axis_value(setting), setting.given)))
    title = setting.title + (" (log scale)" if setting.log else "")
    if not setting.numeric and len(values) > MOST_VALUES:
        return None
    if setting.numeric:
        kind, scale = "Q", alt.Scale(type="log" if setting.log else "linear", zero=False, padding=18)
        x = alt.X(f"{setting.key}:Q", scale=scale, title=title, axis=alt.Axis(tickCount=6))
    else:
        kind = "N"
        words = alt.Axis(labelLimit=110, labelAngle=0 if len(values) < 6 else -35)
        scale = in_order(sorted(values))
        x = alt.X(f"{setting.key}:N", scale=scale, title=title, axis=words)
    tooltip = named(setting.key, setting.title)
    layers = _cloud(setting.key, x, tooltip, rows, split)
    if effect and effect.values:
        layers.append(_means(setting, effect, kind, x, split))
    return _figure(layers, f"{setting.path} against GAP on {split}")


def number_against_gap(key: str, title: str, values: list[float], split: str) -> Markup:
    """A dot per row by its bytes or seconds. values: those that are known."""
    scale = alt.Scale(
        type="log" if spans_decades(values) else "linear", padding=18, nice=False, zero=False
    )
    title += " (log scale)" if spans_decades(values) else ""
    axis = bytes_axis(title) if key == "bytes" else alt.Axis(title=title, tickCount=6)
    x = alt.X(f"{key}:Q", scale=scale, axis=axis)
    layers = _cloud(key, x, exactly(key, title, ",~r"), len(values), split)
    return _figure(layers, f"{title} against GAP on {split}")


def _axis_value(setting: Setting):
    return (lambda value: value) if setting.numeric else value_text


def _cloud(key: str, x: alt.X, tooltip: alt.Tooltip, rows: int, split: str) -> list[alt.Chart]:
    """Dots, the reference's a diamond; and the intervals of few rows."""
    y = alt.Y("gap:Q", scale=close_scale(), title=f"GAP on {split}")
    given = f"isValid(datum.{key})"
    reference = alt.datum.chosen == 1
    spots = (
        alt.Chart(name="cloud")
        .transform_filter(given)
        .mark_point(size=46, opacity=0.9 if rows <= MOST_WHISKERS else 0.45, aria=False)
        .encode(
            x=x,
            y=y,
            color=alt.when(reference)
            .then(alt.value(colour("final")))
            .otherwise(alt.value(colour("quantised"))),
            shape=alt.when(reference).then(alt.value("diamond")).otherwise(alt.value("circle")),
            size=alt.when(reference).then(alt.value(130)).otherwise(alt.value(46)),
            tooltip=[named("name", "graph"), tooltip, exactly("gap", "GAP")],
        )
        .add_params(zoom("y"))
    )
    if rows > MOST_WHISKERS:
        return [spots]
    whiskers = (
        alt.Chart(name="whiskers")
        .transform_filter(f"{given} && isValid(datum.low)")
        .mark_rule(opacity=0.5, tooltip=None)
        .encode(x=x, y=alt.Y("low:Q", scale=close_scale()), y2="high:Q")
    )
    return [whiskers, spots]


def _means(setting: Setting, effect: Effect, kind: str, x: alt.X, split: str) -> alt.Chart:
    rows = [
        {
            setting.key: each.value if setting.numeric else value_text(each.value),
            "mean": round(each.mean, 5),
        }
        for each in effect.values
    ]
    line = {"strokeWidth": 2} if setting.numeric else {"strokeWidth": 0}
    return (
        alt.Chart(inline(rows), name="means")
        .mark_line(color=colour("ema"), point={"size": 60, "shape": "square"}, **line)
        .encode(
            x=x,
            y=alt.Y("mean:Q", scale=close_scale(), title=f"GAP on {split}"),
            order=alt.Order(f"{setting.key}:{kind}"),
            tooltip=[named(setting.key, setting.title), exactly("mean", "mean GAP")],
        )
    )


def _figure(layers: list[alt.Chart], description: str) -> Markup:
    chart = alt.layer(*layers, data=alt.NamedData(name=ROWS))
    return element(chart.properties(width="container", height=HEIGHT), description)
