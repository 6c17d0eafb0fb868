"""Parallel coordinates: a line per row through its settings, bytes and GAP.

Inselberg, "The plane with parallel coordinates", 1985. Lines that end high show which values they
come through.
"""

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
from markupsafe import Markup

from yt8m.comparison.charts import ROWS
from yt8m.comparison.shown import Setting, spans_decades, value_text
from yt8m.report.charts.axes import exactly, in_order, named
from yt8m.report.charts.embedding import element, inline
from yt8m.report.charts.theme import colour
from yt8m.report.number_format import size

HEIGHT = 360
MOST_AXES = 12
"""Settings with an axis of their own; with more the figure is too wide to be read."""

MANY_LINES = 200
"""With more, lines are fainter."""

MOST_TICKS = 7
NOT_GIVEN = -0.13
"""Height of the rows that do not have a setting; its values are from 0 to 1."""

HUES = ("#5c6bc0", "#26a69a", "#d9a400")
"""From the lowest GAP to the highest: they differ in blue and yellow, which all eyes tell apart,
and are seen on white and on black."""


@dataclass(frozen=True)
class Axis:
    """An axis: its key in the data, its title, the height of each row, and ticks.

    heights: one per row, 0 to 1 or `NOT_GIVEN`. ticks: height and text.
    """

    key: str
    title: str
    heights: Sequence[float]
    ticks: Sequence[tuple[float, str]]


def axes_of(settings: Sequence[Setting], sizes: Sequence[float | None], gaps: Sequence[float]):
    """An axis per setting, at most `MOST_AXES`, one of bytes if they differ, and one of GAP."""
    found = [_setting_axis(f"x{n}", each) for n, each in enumerate(settings[:MOST_AXES])]
    if len({each for each in sizes if each is not None}) > 1:
        found.append(_number_axis("xb", "bytes", sizes, size))
    found.append(_number_axis("xg", "GAP", gaps, lambda value: f"{value:.4f}"))
    return found


def parallel_coordinates(axes: Sequence[Axis], split: str) -> Markup:
    """The figure; the rows of the page must have the heights under the keys of the axes."""
    keys = [axis.key for axis in axes]
    titles = json.dumps({axis.key: axis.title for axis in axes})
    above = alt.Axis(
        orient="top", labelExpr=f"({titles})[datum.value]", labelAngle=0, labelLimit=118,
        labelOverlap=False, labelColor=colour("ink"), labelPadding=16, domain=False, ticks=False,
        grid=True, title=None,
    )  # fmt: skip
    x = alt.X("axis:N", scale=in_order(keys, padding=0.4), axis=above)
    y = alt.Y("at:Q", scale=alt.Scale(domain=[-0.17, 1.04], nice=False), axis=None)
    pointed = alt.selection_point(
        name="pointed", fields=["name"], on="pointerover", clear="pointerout", empty=False
    )
    faint = 0.6 if len(axes[0].heights) <= MANY_LINES else 0.25
    hues = alt.Scale(range=list(HUES), zero=False, nice=False)
    legend = alt.Legend(
        title=f"GAP on {split}",
        gradientLength=180,
        titleFontWeight="normal",
        titleColor=colour("soft"),
        format=".4~f",
        tickCount=3,
    )
    lines = (
        alt.Chart(name="threads")
        .transform_fold(keys, as_=["axis", "at"])
        .mark_line(strokeJoin="bevel", aria=False)
        .encode(
            x=x,
            y=y,
            detail="name:N",
            color=alt.Color("gap:Q", scale=hues, legend=legend),
            strokeWidth=alt.when(pointed).then(alt.value(4)).otherwise(alt.value(1.4)),
            opacity=alt.when(pointed).then(alt.value(1)).otherwise(alt.value(faint)),
            tooltip=[named("name", "graph"), exactly("gap", "GAP")],
        )
        .add_params(pointed)
    )
    ticks = [
        {"axis": axis.key, "at": round(at, 4), "text": text}
        for axis in axes
        for at, text in axis.ticks
    ]
    words = (
        alt.Chart(inline(ticks), name="ticks")
        .mark_text(align="left", dx=5, fontSize=11, limit=90, tooltip=None)
        .encode(x=x, y=y, text="text:N")
    )
    chart = alt.layer(lines, words, data=alt.NamedData(name=ROWS))
    chart = chart.properties(width="container", height=HEIGHT)
    return element(chart, f"Settings, bytes and GAP on {split} of every row", "parallel")


def _setting_axis(key: str, setting: Setting) -> Axis:
    if setting.numeric:
        return _number_axis(key, setting.title, setting.values, value_text)
    words = sorted({value_text(value) for value in setting.given})
    places = {word: n / max(1, len(words) - 1) for n, word in enumerate(words)}
    heights = [
        NOT_GIVEN if value is None else places[value_text(value)] for value in setting.values
    ]
    shown = words if len(words) <= 2 * MOST_TICKS else [words[0], words[-1]]
    ticks = [(places[word], word) for word in shown]
    return Axis(key, setting.title, heights, [*ticks, *_blank(heights)])


def _number_axis(key: str, title: str, values: Sequence[float | None], text: Any) -> Axis:
    given = sorted({value for value in values if value is not None})
    log = spans_decades(given)
    places = {value: _height(value, given[0], given[-1], log) for value in given}
    heights = [NOT_GIVEN if value is None else places[value] for value in values]
    shown = given if len(given) <= MOST_TICKS else list(_spread(given[0], given[-1], log))
    ticks = [(_height(value, given[0], given[-1], log), text(value)) for value in shown]
    return Axis(key, title, heights, [*_apart(ticks), *_blank(heights)])


def _height(value: float, low: float, high: float, log: bool) -> float:
    if high == low:
        return 0.5
    if log:
        value, low, high = math.log(value), math.log(low), math.log(high)
    return (value - low) / (high - low)


def _spread(low: float, high: float, log: bool) -> Iterator[float]:
    """Five numbers, evenly spread over the axis."""
    for step in range(5):
        share = step / 4
        value = low * (high / low) ** share if log else low + (high - low) * share
        yield float(f"{value:.3g}") if 0 < step < 4 else value


def _apart(ticks: Sequence[tuple[float, str]]) -> list[tuple[float, str]]:
    """The ticks, from the top, without those that would cover the one above."""
    kept: list[tuple[float, str]] = []
    for tick in reversed(ticks):
        if not kept or kept[-1][0] - tick[0] > 0.045:
            kept.append(tick)
    return kept


def _blank(heights: Sequence[float]) -> list[tuple[float, str]]:
    return [(NOT_GIVEN, "not set")] if NOT_GIVEN in heights else []
