"""Learning curves: loss and GAP of each model's training batches over the videos seen."""

import altair as alt
import numpy as np
from markupsafe import Markup

from yt8m.report.charts.axes import close_scale, count_axis, exactly, log_scale, named
from yt8m.report.charts.embedding import element, inline
from yt8m.report.charts.interaction import choice, faded_unless, zoom
from yt8m.report.charts.theme import legend, model_scale
from yt8m.report.content import Content, Model
from yt8m.report.files import History
from yt8m.workflow.layout import FITTED

HEIGHT = 280
POINTS = 60
"""Most points of a curve; neighbouring rows are averaged."""

DASHES = {"trained": [1, 0], "ema": [5, 4]}


def learning_curves(content: Content) -> list[Markup]:
    """A figure of the loss and one of GAP, with a line per model and stage."""
    curves = [row for model in content.models.values() for row in _rows(model)]
    positive = alt.Scale(domainMin=0, padding=8, nice=False)
    return [
        _figure(content, curves, "loss", "loss (log scale)", log_scale(8)),
        _figure(content, curves, "gap", "GAP while training", positive),
    ]


def _figure(
    content: Content, curves: list[dict], measure: str, title: str, scale: alt.Scale
) -> Markup:
    model, stage = choice("model"), choice("stage")
    x = alt.X(
        "videos:Q",
        scale=close_scale(4),
        axis=count_axis("videos seen"),
    )
    y = alt.Y(f"{measure}:Q", scale=scale, title=title, axis=alt.Axis(tickCount=5))
    colours = alt.Color("model:N", scale=model_scale(content.models), legend=legend(content.models))
    dashes = alt.StrokeDash(
        "stage:N",
        scale=alt.Scale(domain=list(DASHES), range=list(DASHES.values())),
        legend=legend(DASHES),
    )
    lines = (
        alt.Chart(name="curves")
        .mark_line()
        .encode(
            x=x,
            y=y,
            color=colours,
            strokeDash=dashes,
            opacity=faded_unless(model, stage),
        )
        .add_params(zoom(), model, stage)
    )
    points = (
        alt.Chart(name="points")
        .mark_point(size=45)
        .encode(
            x=x,
            y=y,
            color=colours,
            opacity=faded_unless(model, stage, opacity=0.01),
            tooltip=[
                named("model", "model"),
                named("stage", "stage"),
                exactly("videos", "videos seen", ","),
                exactly(measure, "GAP" if measure == "gap" else measure, ".4~g"),
            ],
        )
    )
    rows = [{k: row[k] for k in ("model", "stage", "videos", measure)} for row in curves]
    chart = alt.layer(lines, points, data=inline(rows))
    chart = chart.properties(width="container", height=HEIGHT)
    return element(chart, f"{title} of each model over the videos seen")


def _rows(model: Model) -> list[dict]:
    """Thinned histories; later stages start where the earlier ones ended."""
    rows, start = [], 0.0
    for stage in FITTED:
        history = thinned(model.histories[stage], start)
        for videos, loss, gap in zip(history.videos, history.loss, history.gap, strict=True):
            numbers = {"videos": round(videos), "loss": float(f"{loss:.4g}"), "gap": round(gap, 4)}
            rows.append({"model": model.name, "stage": stage, **numbers})
        start += float(model.histories[stage].videos[-1])
    return rows


def thinned(history: History, start: float) -> History:
    """Means of neighbouring rows, so that at most `POINTS` remain."""
    pieces = min(POINTS, len(history.videos))
    videos, loss, gap = (
        np.array([piece.mean() for piece in np.array_split(values, pieces)])
        for values in (history.videos, history.loss, history.gap)
    )
    return History(videos + start, np.maximum(loss, 1e-6), gap)
