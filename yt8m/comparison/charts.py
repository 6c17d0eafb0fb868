"""Figures of GAP against one thing: a setting, bytes, or training time.

They share the rows of the page, whose keys are those of `shown.data_of`.
"""

import altair as alt
from markupsafe import Markup

from yt8m.comparison.effects import Effect
from yt8m.comparison.shown import Setting, spans_decades, value_text
from yt8m.report.charts.axes import bytes_axis, close_scale, exactly, in_order, log_scale, named
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
    words = list(dict.fromkeys(map(value_text, setting.given)))
    if not setting.numeric and len(words) > MOST_VALUES:
        return None
    x = _number_axis(setting) if setting.numeric else _word_axis(setting, words)
    tooltip = named(setting.key, setting.title)
    layers = _cloud(setting.key, x, tooltip, rows, split)
    if effect and effect.values:
        layers.append(_means(setting, effect, x, split))
    return _figure(layers, f"{setting.path} against GAP on {split}")


def number_against_gap(key: str, title: str, values: list[float], split: str) -> Markup:
    """A dot per row by its bytes or seconds. values: those that are known."""
    title += " (log scale)" if spans_decades(values) else ""
    axis = bytes_axis(title) if key == "bytes" else alt.Axis(title=title, tickCount=6)
    x = alt.X(f"{key}:Q", scale=_scale(spans_decades(values)), axis=axis)
    layers = _cloud(key, x, exactly(key, title, ",~r"), len(values), split)
    return _figure(layers, f"{title} against GAP on {split}")


def _number_axis(setting: Setting) -> alt.X:
    title = setting.title + (" (log scale)" if setting.log else "")
    ticks = alt.Axis(tickCount=6)
    return alt.X(f"{setting.key}:Q", scale=_scale(setting.log), title=title, axis=ticks)


def _word_axis(setting: Setting, words: list[str]) -> alt.X:
    labels = alt.Axis(labelLimit=110, labelAngle=0 if len(words) < 6 else -35)
    scale = in_order(sorted(words))
    return alt.X(f"{setting.key}:N", scale=scale, title=setting.title, axis=labels)


def _scale(log: bool) -> alt.Scale:
    return log_scale() if log else close_scale(18)


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


def _means(setting: Setting, effect: Effect, x: alt.X, split: str) -> alt.Chart:
    """Squares, which a line connects between numbers."""
    rows = [
        {
            setting.key: each.value if setting.numeric else value_text(each.value),
            "mean": round(each.mean, 5),
        }
        for each in sorted(effect.values, key=lambda each: str(each.value))
    ]
    chart = alt.Chart(inline(rows), name="means")
    style = {"size": 60, "shape": "square"}
    if setting.numeric:
        chart = chart.mark_line(color=colour("ema"), point=style)
    else:
        chart = chart.mark_point(color=colour("ema"), **style)
    return chart.encode(
        x=x,
        y=alt.Y("mean:Q", scale=close_scale(), title=f"GAP on {split}"),
        tooltip=[named(setting.key, setting.title), exactly("mean", "mean GAP")],
    )


def _figure(layers: list[alt.Chart], description: str) -> Markup:
    chart = alt.layer(*layers, data=alt.NamedData(name=ROWS))
    return element(chart.properties(width="container", height=HEIGHT), description)
