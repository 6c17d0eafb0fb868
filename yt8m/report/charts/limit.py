"""The line at a budget, in the figures with an axis of bytes."""

from typing import Any

import altair as alt

from yt8m.report.charts.axes import exactly
from yt8m.report.charts.embedding import inline
from yt8m.report.charts.theme import colour


def budget_line(
    budget: int, words: str, x: alt.X, y: float, width: float, left: bool, **text: Any
) -> list[alt.Chart]:
    """A dashed line with its words.

    x: the axis, whose field is "bytes". y: height of the words, in pixels from the top. width: of
    the line, in pixels. left: whether the words begin at it, instead of ending. text: further
    properties of the words.
    """
    data = inline([{"bytes": budget, "words": words}])
    rule = (
        alt.Chart(data, name="budget")
        .mark_rule(color=colour("drop"), strokeDash=[5, 4], strokeWidth=width)
        .encode(x=x, tooltip=[exactly("bytes", "budget", ",")])
    )
    label = (
        alt.Chart(data, name="budget_words")
        .mark_text(color=colour("drop"), align="left" if left else "right", **text)
        .encode(x=x, y=alt.value(y), text="words:N")
    )
    return [rule, label]
