"""The figure of how reliable probabilities are."""

import altair as alt
import numpy as np
from markupsafe import Markup

from yt8m.calibration.reliability import GROUPS, Reliability
from yt8m.report.charts.axes import exactly, named, share_axis, share_scale
from yt8m.report.charts.embedding import element, inline
from yt8m.report.charts.interaction import zoom
from yt8m.report.charts.theme import colour

HEIGHT = 340


def reliability_figure(curve: Reliability) -> Markup:
    """Share of pairs that have the label over their mean probability, by group."""
    unit, axis = share_scale(), share_axis()
    x = alt.X("probability:Q", scale=unit, axis=axis, title="mean probability")
    y = alt.Y("share:Q", scale=unit, axis=axis, title="share that has the label")
    diagonal = (
        alt.Chart(inline([{"probability": end, "share": end} for end in (0, 1)]), name="diagonal")
        .mark_line(color=colour("faint"), strokeWidth=1, strokeDash=[2, 3])
        .encode(x=x, y=y)
    )
    groups = (
        alt.Chart(inline(_rows(curve)), name="groups")
        .mark_line(color=colour("final"), point={"size": 60, "color": colour("final")})
        .encode(
            x=x,
            y=y,
            tooltip=[
                named("group", "probabilities"),
                exactly("pairs", "pairs", ","),
                exactly("positives", "with the label", ","),
                exactly("share", "share with the label"),
                exactly("probability", "mean probability"),
            ],
        )
        .add_params(zoom())
    )
    chart = alt.layer(diagonal, groups).properties(width="container", height=HEIGHT)
    return element(chart, "Share of pairs that have the label by mean probability", "small")


def _rows(curve: Reliability) -> list[dict]:
    """A row per group of probabilities that has pairs."""
    return [
        {
            "group": f"{place / GROUPS:g} to {(place + 1) / GROUPS:g}",
            "pairs": int(curve.pairs[place]),
            "positives": int(curve.positives[place]),
            "probability": round(float(curve.probability[place]), 5),
            "share": round(float(curve.share[place]), 5),
        }
        for place in np.flatnonzero(curve.pairs)
    ]
