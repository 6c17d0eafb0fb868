"""Axes and tooltips with the units of the report."""

from collections.abc import Sequence
from typing import Any

import altair as alt

COUNT = "datum.label ? format(datum.value, '~s') : ''"
"""`40k`; a logarithmic axis leaves out some labels."""

BYTES = "datum.label ? replace(format(datum.value, '~s'), /([kMGT]?)$/, ' $1B') : ''"
"""`200 kB`."""


def bytes_axis(title: str = "bytes on disk (log scale)") -> alt.Axis:
    """Bytes with decimal units."""
    return alt.Axis(format="~s", labelExpr=BYTES, title=title, tickCount=6)


def count_axis(title: str) -> alt.Axis:
    """Whole numbers."""
    return alt.Axis(format="~s", labelExpr=COUNT, title=title, tickCount=6)


def gap_axis(count: int) -> alt.Axis:
    """GAP with as many decimals as the distance of its ticks needs, which is Vega's default."""
    return alt.Axis(tickCount=count)


def share_axis() -> alt.Axis:
    """From 0 to 1, with one decimal."""
    return alt.Axis(tickCount=5, format=".1f")


def share_scale() -> alt.Scale:
    """From 0 to 1, with room for marks at the ends."""
    return alt.Scale(domain=[0, 1], padding=6, nice=False)


def log_scale(padding: float = 18) -> alt.Scale:
    """A logarithmic scale with room in pixels at both ends."""
    return alt.Scale(type="log", padding=padding, nice=False)


def close_scale(padding: float = 14) -> alt.Scale:
    """A scale around the values, whether 0 is among them or not."""
    return alt.Scale(zero=False, padding=padding, nice=False)


def in_order(names: Sequence[str], **words: Any) -> alt.Scale:
    """A scale of names in this order; with `sort`, Vega fails at a name such as `constructor`."""
    return alt.Scale(domain=list(names), **words)


def exactly(field: str, title: str, spelling: str = ".4f") -> alt.Tooltip:
    """A number in a tooltip. spelling: a d3 format."""
    return alt.Tooltip(f"{field}:Q", title=title, format=spelling)


def named(field: str, title: str) -> alt.Tooltip:
    """A word in a tooltip."""
    return alt.Tooltip(f"{field}:N", title=title)
